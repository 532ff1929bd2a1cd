"""`/aikeys stats`: how the incidents of a month went. Pure."""

from datetime import timedelta

from bot.incidents.counting import OPENED_BY_HAND, Cause, Counted, Person, Times
from bot.views.blocks import Block, Message, code, context, escape, fields, header, person, section


def shown(found: Counted, month: str) -> Message:
    """The figures, then causes, then people."""
    title = f"{_many(found.count)} in {month}"
    text = f"{title}: {found.p0} P0, {found.count - found.p0} P1."
    blocks: list[Block] = [header(f"📊 {title}")]
    if not found.count:
        return Message(text=f"{title}.", blocks=[*blocks, section("Nothing to count."), _other()])
    still = f", {found.still_open} still open" if found.still_open else ""
    blocks.append(section(f"*{found.p0}* P0, *{found.count - found.p0}* P1{still}. {_loud(found.loud)}"))
    blocks.append(
        fields(
            [
                f"*To detect*\n{_times(found.detect)}",
                f"*To acknowledge*\n{_times(found.acknowledge)}",
                f"*To resolve*\n{_times(found.resolve)}",
                f"*Worth telling*\n{_worth(found)}",
            ]
        )
    )
    blocks.append(section("*By cause*\n" + "\n".join(_cause(one) for one in found.causes[:12])))
    if found.people:
        blocks.append(section("*By person*\n" + "\n".join(_person(one) for one in found.people[:15])))
    note = (
        "To detect: from the first look that failed until it was told; what is reported from "
        "elsewhere is not among them. To resolve: from that look too, or from when the report arrived. "
        "Called at once by a mention, a message and a mail is called once; what goes to a channel or a user group "
        "counts for nobody by name."
    )
    return Message(text=text, blocks=[*blocks, context(note), _other()])


def _many(number: int) -> str:
    return f"{number or 'No'} incident{'s' * (number != 1)}"


def _loud(number: int) -> str:
    return f"Everybody in the incident channel was called {number} time{'s' * (number != 1)}." if number else ""


def _times(times: Times | None) -> str:
    if times is None:
        return "not known of any"
    one = f" (of {times.count})" if times.count > 1 else ""
    worst = f", worst {long(times.worst)}: incident {times.worst_of}" if times.count > 1 else ""
    return f"median {long(times.median)}{one}{worst}"


def _worth(found: Counted) -> str:
    useful, noise = sum(one.useful for one in found.causes), sum(one.noise for one in found.causes)
    if not useful + noise:
        return "nobody has said"
    return f"{useful} of {useful + noise} that were rated"


def _cause(one: Cause) -> str:
    name = "Opened by a person" if one.key == OPENED_BY_HAND else f"{escape(one.title, 80)} {code(one.key)}"
    said = [f"{one.count}" + (f" ({one.p0} P0)" if one.p0 and one.p0 != one.count else " P0" if one.p0 else " P1")]
    if one.back:
        said.append(f"back {one.back} time{'s' * (one.back != 1)}")
    if one.useful or one.noise:
        said.append(f"useful {one.useful}, noise {one.noise}")
    return f"• {name}: {', '.join(said)}"


def _person(one: Person) -> str:
    ways = ", ".join(f"{number} {way}{'s' * (number != 1)}" for way, number in sorted(one.ways.items()))
    said = [
        f"called by name {one.pages} × ({escape(ways, 80)})" if one.pages else "",
        f"acknowledged {one.acknowledged}" if one.acknowledged else "",
    ]
    said.append(f"resolved {one.resolved}" if one.resolved else "")
    return f"• {person(one.user)}: {', '.join(part for part in said if part)}"


def _other() -> Block:
    return context("Another month: `/aikeys stats 2026-10` · each of them: `/aikeys incident list`")


def long(took: timedelta) -> str:
    """12 s, 4 min 10 s, 2 h 5 min, 3 d 4 h. What is not whole is cut off, as by bot.health.words.ago."""
    seconds = max(0, int(took.total_seconds()))
    found: list[str] = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        number, seconds = divmod(seconds, size)
        if number:
            found.append(f"{number} {unit}")
    return " ".join(found[:2]) or "0 s"
