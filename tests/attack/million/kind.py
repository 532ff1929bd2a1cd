"""What a kind of input is: it draws one, says what is wrong with what becomes of it, makes it smaller."""

from collections.abc import Iterator
from random import Random
from typing import Any, Protocol


class Kind(Protocol):
    """*share*: of 10,000 inputs so many. The doors of the product are given to a kind when it is made."""

    name: str
    share: int

    def draw(self, chance: Random) -> Any:
        """One of its inputs, or several that go through the door together."""
        ...

    def size(self, drawn: Any) -> int:
        """How many inputs that is."""
        ...

    def wrong(self, drawn: Any) -> Iterator[str]:
        """Put it through the door: sentences about what Slack, git or a reader would not have harmless. May raise."""
        ...

    def smaller(self, drawn: Any) -> Iterator[Any]:
        """Simpler ones, the simplest first."""
        ...


def shorter(text: str) -> Iterator[str]:
    """Texts that say less than *text*, the shortest first."""
    if text:
        yield ""
        yield from (text[: len(text) // 2], text[len(text) // 2 :])
        if len(text) <= 60:
            yield from (text[:at] + text[at + 1 :] for at in range(len(text)))


def first(kind: Kind, drawn: Any) -> str:
    """What is wrong with it, in a sentence; empty where nothing is. What escapes is wrong too."""
    try:
        return next(iter(kind.wrong(drawn)), "")
    except Exception as error:  # noqa: BLE001  # whatever it is: it escaped
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        at = f" at {place.tb_frame.f_code.co_filename.rpartition('/')[2]}:{place.tb_lineno}" if place else ""
        return f"{type(error).__name__} escaped{at}: {str(error)[:200]}"


def shrunk(kind: Kind, drawn: Any, *, tries: int = 2000) -> Any:
    """The smallest found of which the same is wrong. Greedy: the first smaller one of which it is goes on."""
    why, going = first(kind, drawn)[:16], True
    while going and tries > 0:
        going = False
        for one in kind.smaller(drawn):
            tries -= 1
            if first(kind, one).startswith(why):
                drawn, going = one, True
                break
            if tries <= 0:
                break
    return drawn
