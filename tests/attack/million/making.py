"""Makes facts of any declared type, hostile texts wherever a text may stand. The same form and texts, the same facts.

From the annotations alone: a new field of a dataclass is hostile the day that it is written. Where the product holds a
value to a shape before it becomes a fact (an enum, an id of the bot's own, a number of seconds), `SHAPED` says so.
"""

import dataclasses
import itertools
import types
import typing
from collections.abc import Callable, Container, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from random import Random
from typing import Any, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
_DEEP = 6  # facts within facts; below that what may be empty is


class Making:
    """*form* draws which facts there are and how many, *texts* are what stands in them, one after the other."""

    def __init__(self, form: Random, texts: Sequence[str]) -> None:
        self.form = form
        self._texts = texts
        self._next = 0
        self.deep = 0

    def text(self) -> str:
        """The next hostile text."""
        self._next += 1
        return self._texts[self._next % len(self._texts)]

    def number(self) -> int:
        """Mostly small."""
        draw = self.form.random()
        return int(draw * 10) if draw < 0.8 else int(self.form.random() * 10**6) if draw < 0.99 else 10**9

    def json(self) -> Any:
        """What a column of JSON may hold."""
        draw = self.form.random()
        if draw < 0.6 or self.deep > _DEEP:
            return self.text()
        if draw < 0.8:
            return self.form.choice((None, True, False, 0, 7, 1.5))
        return [self.text()] if draw < 0.9 else {self.text(): self.text()}


Maker = Callable[[Making], Any]


class Makers:
    """Makers by type, each put together once.

    *shaped*: by (class, field), what the product holds to a shape; *filled*: what is never empty.
    """

    def __init__(
        self, shaped: Mapping[tuple[Any, str], Maker], names: Mapping[str, Any], filled: Container[object]
    ) -> None:
        self._shaped = shaped
        self._names = dict(names)
        self._filled = filled
        self._known: dict[Any, Maker] = {}

    def of(self, kind: Any) -> Maker:
        """The maker of *kind*. Raises TypeError where none is known."""
        try:
            if kind in self._known:
                return self._known[kind]
        except TypeError:  # a Literal of lists and the like
            return self._made(kind)
        # Facts may hold facts of their own kind: whoever asks meanwhile gets one that looks again later.
        self._known[kind] = lambda making: self._known[kind](making)  # noqa: PLW0108  # then it is another one
        self._known[kind] = made = self._made(kind)
        return made

    def hints(self, of: Any) -> dict[str, Any]:
        """The annotations, those for the type checker alone among them."""
        return typing.get_type_hints(of, localns=self._names)

    def _made(self, kind: Any) -> Maker:
        if (plain := _PLAIN.get(kind) if isinstance(kind, type) else None) is not None:
            return plain
        origin, inside = get_origin(kind), get_args(kind)
        if kind is Any or kind is object:
            return Making.json
        if origin in (Union, types.UnionType):
            return self._one_of(inside)
        if origin is Literal:
            return lambda making: making.form.choice(inside)
        if origin is typing.Annotated:
            return self.of(inside[0])
        if origin is tuple and inside[-1:] != (...,):
            each = [self.of(one) for one in inside]
            return lambda making: tuple(one(making) for one in each)
        if origin in (tuple, list, Sequence, AbstractSet, frozenset, set, typing.Iterable) or origin is _ITERABLE:
            return self._several(self.of(inside[0]), frozenset if origin in (frozenset, AbstractSet, set) else tuple)
        if origin in (dict, Mapping):
            key, value = self.of(inside[0]), self.of(inside[1])
            return lambda making: {key(making): value(making) for _ in range(_count(making))}
        if kind in (dict, Mapping):
            return lambda making: {making.text(): making.json() for _ in range(_count(making))}
        if isinstance(kind, type):
            return self._class(kind)
        if isinstance(kind, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
            return self.of(kind.__value__)
        raise TypeError(f"no maker of {kind}")

    def _one_of(self, inside: tuple[Any, ...]) -> Maker:
        several = [self.of(one) for one in inside]
        empty = type(None) in inside

        def made(making: Making) -> Any:
            if empty and making.deep > _DEEP:
                return None
            return making.form.choice(several)(making)

        return made

    def _several(self, one: Maker, into: Callable[[list[Any]], Any]) -> Maker:
        return lambda making: into([one(making) for _ in range(_count(making))])

    def _class(self, kind: type[Any]) -> Maker:
        if (whole := self._shaped.get((kind, ""))) is not None:
            return whole
        if issubclass(kind, Enum):
            members = list(kind)
            return lambda making: making.form.choice(members)
        if dataclasses.is_dataclass(kind):
            names = [one.name for one in dataclasses.fields(kind) if one.init]
        elif issubclass(kind, BaseModel):
            names = list(kind.model_fields)
        elif hasattr(kind, "_fields"):
            names = list(kind._fields)
        else:
            raise TypeError(f"no maker of {kind}")
        hints = self.hints(kind)
        build = kind.model_construct if issubclass(kind, BaseModel) else kind  # it was validated when it came
        makers = [(name, self._shaped.get((kind, name)) or self.of(hints[name])) for name in names]
        makers = [(name, _filled(maker) if (kind, name) in self._filled else maker) for name, maker in makers]

        def made(making: Making) -> Any:
            making.deep += 1
            found = build(**{name: maker(making) for name, maker in makers})
            making.deep -= 1
            return found

        return made


_ITERABLE = get_origin(typing.Iterable[int])


def _filled(maker: Maker) -> Maker:
    """Of many that may be none: some."""
    return lambda making: next(found for _ in itertools.count() if (found := maker(making)))


def _count(making: Making) -> int:
    """How many of something: none, a few, rarely more than a card takes."""
    if making.deep > _DEEP:
        return 0
    draw = making.form.random()
    return 0 if draw < 0.2 else 1 + int(draw * 3) if draw < 0.97 or making.deep > 2 else 60


def moment(making: Making) -> datetime:
    """Some time around noon."""
    return NOON + timedelta(seconds=int((making.form.random() - 0.5) * 400_000))


_PLAIN: Mapping[type, Maker] = {
    str: Making.text,
    int: Making.number,
    float: lambda making: making.form.choice((0.0, 0.4, 12.5, 99.9, 1e6)),
    bool: lambda making: making.form.random() < 0.5,
    type(None): lambda _: None,
    bytes: lambda making: making.text().encode(errors="replace"),
    datetime: moment,
    date: lambda making: moment(making).date(),
    timedelta: lambda making: timedelta(seconds=making.number()),
    Path: lambda making: Path(making.text().replace("\0", "")),
    ZoneInfo: lambda making: ZoneInfo(making.form.choice(("UTC", "Europe/Madrid"))),
}
