"""Every view: facts of the type that it declares, with hostile texts in them, drawn and read as Slack would read it.

The door: each public function of bot/views that returns something to be shown, and each command's own view. They are
found, not listed: a new view is hostile the day that it is written. What is given to them is made by `making`.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from bot import views
from bot.command import Command
from bot.views.blocks import Message, TextFile
from tests.attack.million import nasty, rules
from tests.attack.million.kind import shorter
from tests.attack.million.making import Makers, Making
from tests.attack.million.shaped import FILLED, NAMES, PLAIN, SHAPED, SKIPPED

_TEXTS = 7  # hostile texts of one input; a card of many facts says them again


class Drawn(NamedTuple):
    """*view* by its name; *form* draws how many of which facts; *texts* are what stands in them."""

    view: str
    form: int
    texts: tuple[str, ...]


@dataclass
class Views:
    """*shows*: by name; those of the product unless others are given."""

    commands: Mapping[str, Command[Any, Any]] = field(default_factory=dict)
    shows: dict[str, Callable[..., Any]] = field(default_factory=dict)
    name: str = "views"
    share: int = 900

    def __post_init__(self) -> None:
        self.shows = self.shows or found(self.commands)
        makers = Makers(SHAPED, NAMES, FILLED)
        self._makers = {name: list(_arguments(name, show, makers)) for name, show in self.shows.items()}
        self._names = list(self.shows)

    def draw(self, chance: Random) -> Drawn:
        """A view, and what it is given."""
        texts = tuple(nasty.text(chance) for _ in range(_TEXTS))
        return Drawn(chance.choice(self._names), chance.getrandbits(30), texts)

    def size(self, _: Drawn) -> int:
        """Each is one."""
        return 1

    def wrong(self, drawn: Drawn) -> Iterator[str]:
        """Nothing in it wakes many, names, links, breaks Slack's limits or reorders what stands around it."""
        making = Making(Random(drawn.form), drawn.texts)
        given = {name: maker(making) for name, maker in self._makers[drawn.view]}
        shown = self.shows[drawn.view](**given)
        judge = rules.shown if drawn.view in PLAIN else rules.markup
        for said in _read(shown, judge):
            yield f"{drawn.view}: {said}"

    def smaller(self, drawn: Drawn) -> Iterator[Drawn]:
        """The same facts with less in them, one text after the other."""
        for at, text in enumerate(drawn.texts):
            for less in ("x", *shorter(text)) if text != "x" else ():
                yield drawn._replace(texts=(*drawn.texts[:at], less, *drawn.texts[at + 1 :]))


def found(commands: Mapping[str, Command[Any, Any]]) -> dict[str, Callable[..., Any]]:
    """Every view by its name."""
    shows: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(views.__path__):
        inside = importlib.import_module(f"bot.views.{module.name}")
        for name, one in vars(inside).items():
            if inspect.isfunction(one) and one.__module__ == inside.__name__ and not name.startswith("_"):
                shows[f"{module.name}.{name}"] = one
    shows |= {f"/aikeys {name}": one.show for name, one in commands.items() if one.show is not None}
    return {name: one for name, one in shows.items() if name not in SKIPPED and name.partition(".")[0] not in SKIPPED}


def _arguments(name: str, show: Callable[..., Any], makers: Makers) -> Iterator[tuple[str, Callable[[Making], Any]]]:
    hints = makers.hints(show)
    for one in inspect.signature(show).parameters.values():
        yield one.name, SHAPED.get((name, one.name)) or makers.of(hints[one.name])


def _read(shown: Any, judge: Callable[[str], Iterator[str]]) -> Iterator[str]:
    """Whatever a view returns: a message, a modal, blocks, lines, files, pairs of them."""
    if shown is None or isinstance(shown, int | float | bool | bytes):
        return
    if isinstance(shown, Message):
        yield from rules.message(shown.text, list(shown.blocks))
        yield from _read(list(shown.files), judge)
    elif isinstance(shown, TextFile):
        if set(shown.name) & set("/\\\0") or shown.name.startswith((".", "-")):
            yield f"a file is called {shown.name[:60]!r}"
        yield from rules.shown(shown.title)
    elif isinstance(shown, str):
        yield from judge(shown)
    elif isinstance(shown, dict) and shown.get("type") in ("modal", "home"):
        yield from rules.view(shown)
    elif isinstance(shown, dict) and shown.get("type") == "button":
        yield from rules.message("x", [{"type": "actions", "elements": [shown]}])
    elif isinstance(shown, dict) and "type" in shown:
        yield from rules.message("x", [shown])
    elif isinstance(shown, list) and shown and all(isinstance(one, dict) and "type" in one for one in shown):
        yield from rules.message("x", shown)
    elif isinstance(shown, list | tuple):
        for one in shown:
            yield from _read(one, judge)
    else:
        raise TypeError(f"nobody knows how to read {type(shown).__name__}")
