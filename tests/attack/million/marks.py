"""The few functions that every outside value passes through, alone: what they return stands anywhere in mrkdwn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from bot.views.blocks import code, escape, one_line, person, whole_words
from tests.attack.million import nasty, rules
from tests.attack.million.kind import shorter

Drawn = tuple[str, int]  # a text, and how many characters of it are wanted
_LIMITS = (4, 30, 60, 100, 150, 300, 600)


@dataclass
class Marks:
    """*marking*: what makes a text harmless in mrkdwn, by name; *plain*: what makes it fit for plain text."""

    marking: dict[str, Callable[[str, int], str]] = field(
        default_factory=lambda: {"escape": escape, "code": code, "person": lambda text, _: person(text)}
    )
    name: str = "marks"
    share: int = 500

    def draw(self, chance: Random) -> Drawn:
        """Any text."""
        return nasty.text(chance), chance.choice(_LIMITS)

    def size(self, _: Drawn) -> int:
        """Each is one."""
        return 1

    def wrong(self, drawn: Drawn) -> Iterator[str]:
        """No mark of theirs is one; one line; code ends where it should."""
        text, limit = drawn
        for name, mark in self.marking.items():
            said = mark(text, limit)
            for why in rules.markup(said):
                if not (name == "person" and said == f"<@{text}>"):  # an id alone is whom the bot was told of
                    yield f"{name}: {why}"
            if "\n" in said or said.count("`") != (2 if name == "code" else 0):
                yield f"{name}: it breaks out of its line or its marks"
        plain = whole_words(one_line(text, limit), limit)
        if len(plain) > limit or "\n" in plain:
            yield "one_line: longer than was asked for, or several lines"
        yield from rules.shown(plain)

    def smaller(self, drawn: Drawn) -> Iterator[Drawn]:
        """Less of the text."""
        yield from ((less, drawn[1]) for less in shorter(drawn[0]))
