"""One thing that was looked at: what it is, how it is, what to do. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.views.blocks import one_line


class State(Enum):
    """How it is. *value*: the word that stands in front of the line."""

    WELL = "ok"
    WRONG = "WRONG"
    UNKNOWN = "?"  # it could not be asked: nobody knows
    NOTE = "note"  # it works without; something is not to be had


@dataclass(frozen=True, slots=True)
class Line:
    """*what* it is, *said* how it is in a sentence, *do* what mends it."""

    what: str
    state: State
    said: str
    do: str = ""


def well(what: str, said: str) -> Line:
    """It is as it should be."""
    return Line(what, State.WELL, said)


def wrong(what: str, said: str, do: str) -> Line:
    """It is not."""
    return Line(what, State.WRONG, said, do)


def unknown(what: str, said: str, do: str = "") -> Line:
    """It could not be asked."""
    return Line(what, State.UNKNOWN, said, do or "Ask again when it answers.")


def note(what: str, said: str, do: str = "") -> Line:
    """To know."""
    return Line(what, State.NOTE, said, do)


def written(lines: Sequence[Line]) -> Iterable[str]:
    """As it is printed, with a last line that counts. What came from outside cannot move a cursor."""
    width = max((len(one.what) for one in lines), default=0)
    for one in lines:
        yield f"{one.state.value:<5}  {one.what:<{width}}  {one_line(one.said, 300)}"
        if one.do:
            yield f"{'':<5}  {'':<{width}}  → {one_line(one.do, 300)}"
    count = {state: sum(one.state is state for one in lines) for state in State}
    yield (
        f"{count[State.WELL]} well, {count[State.WRONG]} wrong, {count[State.UNKNOWN]} not known, "
        f"{count[State.NOTE]} to know"
    )


def good(lines: Sequence[Line]) -> bool:
    """True where nothing is wrong, and nothing unknown."""
    return not any(one.state in (State.WRONG, State.UNKNOWN) for one in lines)
