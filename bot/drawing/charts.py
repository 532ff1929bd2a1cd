"""Draws a chart: facts as JSON on stdin, {"svg": …, "png": base64} on stdout. Its own process: bot.drawing.charting.

The bot itself never imports this file: what it needs takes seven tenths of a second and fifty megabytes to load. It has
no network, no settings and no memory but what it is given.
"""

import base64
import io
import json
import resource
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

MOST = 1_000_000  # bytes of facts
_SECONDS, _BYTES = 20, 1_500_000_000  # of CPU and of address space: a figure that wants more is a mistake
_COLOURS = ("#1d4ed8", "#b45309", "#b91c1c", "#047857")
_LINES = ("-", "--", "-.", ":")  # told apart without colour


def draw(facts: dict[str, Any]) -> dict[str, str]:
    """The chart of *facts*: begins, since, until (ISO 8601), curves (name, unit, points), marks (at, label)."""
    import matplotlib as mpl  # noqa: PLC0415  # after the limits were set

    mpl.use("agg")
    mpl.rcParams |= {
        "text.parse_math": False,  # a label with dollars is a label
        "svg.fonttype": "path",
        "svg.hashsalt": "aikeys",  # the same facts, the same bytes
        "font.family": "DejaVu Sans",  # comes with it: no font of the machine's is looked for
        "font.size": 9,
    }
    from matplotlib import dates  # noqa: PLC0415
    from matplotlib import pyplot as plt  # noqa: PLC0415

    curves = facts["curves"]
    units = list(dict.fromkeys(str(one["unit"]) for one in curves)) or [""]
    figure, panels = plt.subplots(
        len(units), 1, sharex=True, figsize=(10, 2.6 * len(units) + 0.6), squeeze=False, layout="constrained"
    )
    begins = datetime.fromisoformat(facts["begins"])
    since, until = datetime.fromisoformat(facts["since"]), datetime.fromisoformat(facts["until"])
    for unit, panel in zip(units, panels[:, 0], strict=True):
        panel.axvspan(since, until, color="#fee2e2", zorder=0, label="the incident")
        for number, curve in enumerate(one for one in curves if one["unit"] == unit):
            times = [begins + timedelta(seconds=at) for at, _ in curve["points"]]
            values = [float("nan") if value is None else value for _, value in curve["points"]]
            colour, style = _COLOURS[number % 4], _LINES[number % 4]
            panel.plot(times, values, style, color=colour, linewidth=1.5, marker=".", markersize=3, label=curve["name"])
            lost = [at for at, (_, value) in zip(times, curve["points"], strict=True) if value is None]
            if lost:
                marks = panel.get_xaxis_transform()
                panel.plot(
                    lost, [0.02] * len(lost), "x", color=colour, transform=marks, label=f"{curve['name']}: no answer"
                )
        before, level = None, 0
        for mark in sorted(facts["marks"], key=lambda one: str(one["at"])):
            at = datetime.fromisoformat(mark["at"])
            near = before is not None and (at - before) < (until - begins) * 0.05
            before, level = at, (level + 1) % 3 if near else 0
            panel.axvline(at, color="#374151", linewidth=0.8, linestyle=":")
            if panel is panels[0, 0]:
                panel.annotate(
                    mark["label"], (at, 1), xycoords=("data", "axes fraction"), xytext=(2, 3 + 13 * level),
                    textcoords="offset points", rotation=35, fontsize=7, color="#374151",
                )  # fmt: skip
        panel.set_ylabel(unit or "count")
        panel.set_ylim(0, max(1.0, panel.get_ylim()[1]))
        panel.grid(alpha=0.25)
        panel.legend(loc="upper left", bbox_to_anchor=(1.0, 1.02), fontsize=7, frameon=False)
        low, high = panel.get_xlim()
        shown = _clock((high - low) * 86_400)
        panel.xaxis.set_major_locator(dates.AutoDateLocator(tz=UTC))  # type: ignore[no-untyped-call]  # theirs
        panel.xaxis.set_major_formatter(dates.DateFormatter(shown, tz=UTC))  # type: ignore[no-untyped-call]  # theirs
    panels[-1, 0].set_xlabel("UTC")
    svg, png = io.StringIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=120, metadata={"Software": None})
    return {"svg": svg.getvalue(), "png": base64.b64encode(png.getvalue()).decode()}


def _clock(seconds: float) -> str:
    """As fine as the ticks of an axis so long are far apart: no label stands twice."""
    return "%H:%M:%S" if seconds < 600 else "%H:%M" if seconds < 86_400 else "%d %b %H:%M"


def main() -> int:
    """Read, draw, write."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
    given = sys.stdin.buffer.read(MOST + 1)
    if len(given) > MOST:
        return 1
    json.dump(draw(json.loads(given)), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
