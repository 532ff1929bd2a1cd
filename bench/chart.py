"""What the timeline costs as it grows: docs/shots/timeline-cost.svg, drawn from the figures of `bench.timeline`."""

from collections.abc import Mapping
from pathlib import Path
from statistics import median

TO = Path(__file__).parents[1] / "docs/shots/timeline-cost.svg"
LINES = {  # each its own mark: colour alone says nothing to many
    "page": ("a page of an incident", "o"),
    "note": ("a note, committed", "s"),
    "open": ("the open incidents", "^"),
    "rare": ("a search for a rare word", "D"),
    "often": ("a search for a word in 38 of 100", "v"),
}


def draw(columns: Mapping[int, Mapping[str, list[float]]], to: Path = TO) -> None:
    """Milliseconds over events, both by powers of ten; the bar is the middle half of the rounds."""
    import matplotlib as mpl  # noqa: PLC0415  # of the whole bench only this needs it

    mpl.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415  # the same

    # Text stays text, and the same figures make the same file.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "aikeys", "font.size": 11}):
        figure, axes = plt.subplots(figsize=(8, 4.5))
        for key, (name, mark) in LINES.items():
            sizes, values = list(columns), [sorted(column[key]) for column in columns.values()]
            middle = [median(one) for one in values]
            low = [at - one[len(one) // 4] for at, one in zip(middle, values, strict=True)]
            high = [one[3 * len(one) // 4] - at for at, one in zip(middle, values, strict=True)]
            axes.errorbar(sizes, middle, yerr=(low, high), marker=mark, capsize=3, label=name)
        axes.set(xscale="log", yscale="log", xlabel="events in the timeline", ylabel="milliseconds")
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        figure.tight_layout()
        figure.savefig(to, metadata={"Date": None, "Creator": None}, facecolor="white")
        plt.close(figure)
