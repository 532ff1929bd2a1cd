"""An answer as people read it: the verdict first, what is wrong and what to do, then the facts. Pure.

Limits: 50 blocks in a message, one of which the asker's note needs and one “How I know”; a section 3,000 characters.
"""

from collections.abc import Sequence
from datetime import UTC

from bot.report import Curve, Group, Line, Report, Wrong
from bot.views.blocks import (
    Block,
    Message,
    actions,
    ask_button,
    button,
    cap,
    code,
    context,
    date_and_time,
    escape,
    header,
    linked,
    one_line,
    person,
    preformatted,
    section,
)
from bot.views.health import SIGN, project

_MOST_BLOCKS = 46
_MOST_WRONG = 8
_MOST_LINES = 30
_MOST_TEXT = 2900  # characters: a section takes 3,000 and a line cut in its middle would lose its closing mark
_FEW = 3  # points below which a curve shows nothing


def show(report: Report) -> Message:
    """The card of any question."""
    blocks: list[Block] = [
        header(f"{SIGN[report.level]} {one_line(report.verdict, 140)}"),
        context(project(report.target)),
        *(section(_wrong(one)) for one in report.wrong[:_MOST_WRONG]),
    ]
    if len(report.wrong) > _MOST_WRONG:
        blocks.append(context(f"… and {len(report.wrong) - _MOST_WRONG} more, no worse than these."))
    for group in report.groups:
        blocks += _group(group)
    if report.steps:
        blocks.append(
            section("\n".join(f"{at}. {linked(escape(step, 400))}" for at, step in enumerate(report.steps, 1)))
        )
    for group in report.below:
        blocks += _group(group)
    for curve in report.curves[:2]:  # two charts in a message (docs.slack.dev, data_visualization)
        blocks += _curve(curve)
    small = " · ".join(linked(escape(one, 300)) for one in report.small if one)
    tail = [context(small)] if small else []
    back = [button("Roll back", "way-back", report.way_back, style="danger")] if report.way_back else []
    again = [ask_button("Ask again", report.again)] if report.again else []
    buttons = actions(*back, *again, *(ask_button(*one) for one in report.also[:8]))
    if len(blocks) + len(tail) >= _MOST_BLOCKS:
        blocks = [*blocks[: _MOST_BLOCKS - len(tail) - 1], context("… the rest does not fit into one message.")]
    return Message(text=_text(report), blocks=[*blocks, *tail, buttons])


def _wrong(one: Wrong) -> str:
    do = f"\n→ {linked(escape(one.do, 400))}" if one.do else ""
    return f"{SIGN[one.level]} {escape(one.what, 600)}{do}"


def _group(group: Group) -> list[Block]:
    title = f"*{escape(group.title, 100)}*"
    if not group.lines and not group.verbatim:
        return [section(f"{title}\n{escape(group.none or 'none', 300)}")]
    blocks: list[Block] = []
    if group.lines:
        shown = [_line(one) for one in group.lines[:_MOST_LINES]]
        while len("\n".join(shown)) > _MOST_TEXT - len(title) - 40:
            shown.pop()
        rest = len(group.lines) - len(shown)
        blocks.append(section("\n".join([title, *shown, *([f"… and {rest} more"] if rest else [])])))
    else:
        blocks.append(section(title))
    if group.verbatim:
        blocks.append(preformatted(cap(group.verbatim, _MOST_TEXT)))
    return blocks


def _line(one: Line) -> str:
    sign = "•" if one.level is None else SIGN[one.level]
    ours = " " in one.name or one.name.endswith(":")
    name = escape(one.name, 80) if ours or not one.name else code(one.name, 80)
    says = f"{' ' if name else ''}{escape(one.says, 300)}" if one.says else ""
    at = f" {date_and_time(one.at)}" if one.at else ""
    by = f" by {person(one.by)}" if one.by else ""
    return f"{sign} {name}{says}{at}{by}"


def _curve(curve: Curve) -> list[Block]:
    """The chart and the same in words: not every client draws it, and not everybody sees it."""
    points = curve.points[-20:]
    labels = [one_line(label, 20) for label, _ in points]
    said = [context(escape(curve.what, 500))] if curve.what else []
    if len(points) < _FEW or len(set(labels)) < len(labels) or not all(labels):
        return said
    chart: Block = {
        "type": "data_visualization",
        "title": one_line(curve.title, 50) or "Chart",
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": one_line(curve.title, 20) or "value",
                    "data": [
                        {"label": label, "value": round(value, 2)}
                        for label, (_, value) in zip(labels, points, strict=True)
                    ],
                }
            ],
            "axis_config": {"categories": labels, "y_label": one_line(curve.unit, 20)},
        },
    }
    return [chart, *said]


def _text(report: Report) -> str:
    """What notifications show and screen readers say."""
    parts = [f"{SIGN[report.level]} {escape(report.verdict, 200).rstrip('.…')}."]
    parts += [f"{escape(one.what, 300)} {escape(one.do, 200)}".strip() for one in report.wrong[:2]]
    parts += _first_lines(report.groups) if not report.wrong else []
    parts.append(f"Project {escape(report.target.ref)}.")
    return " ".join(parts)


def _first_lines(groups: Sequence[Group]) -> list[str]:
    said = []
    for group in groups[:3]:
        first = "; ".join(words for one in group.lines[:2] if (words := _plain(one)))
        said.append(f"{escape(group.title, 80)}: {first or escape(group.none or 'none', 120)}.")
    return said


def _plain(one: Line) -> str:
    """A line as it is read aloud: the moment and the person too, which may be all that it says."""
    says = escape(one.says, 120)
    at = f"{one.at.astimezone(UTC):%d %b %H:%M} UTC" if one.at else ""
    by = f"by {person(one.by)}" if one.by else ""
    return " ".join(part for part in (escape(one.name, 60), says, at, by) if part).strip(" .,:")  # no ; which ends &gt;
