"""A look as plain JSON and back, so that it can be judged again: by the same code, by other thresholds.

Left out: digests of secrets, of which nothing may rest beyond their beginning; the thresholds, which replay brings.
Texts from outside are redacted, as those of the logs are. What another version has written and this one cannot read is
skipped.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from bot.clients.errors import Failure, Source
from bot.clients.supabase import Backup, Backups, Database, Disk, Function, Project, Service
from bot.clients.supabase.backups import Physical
from bot.clients.supabase.migrations import Applied
from bot.clients.wallet import DatabaseSeen, Health, Pulse, Report, SecuritySeen, WebhooksSeen
from bot.detectors import Asks, Known, World
from bot.diagnosis.database import Connections
from bot.health.answers import (
    Answers,
    Deliveries,
    Events,
    FunctionsSeen,
    ProjectSeen,
    Question,
    Suspicions,
    WebhooksCounted,
)
from bot.health.thresholds import Thresholds
from bot.incidents.wider import Answered, Called, Room, Wider
from bot.redaction import redact

_SHAPES: Mapping[str, Any] = {
    one.__name__: one
    for one in (
        Answered, Answers, Applied, Backup, Backups, Called, Connections, Database, DatabaseSeen, Deliveries, Disk,
        Events, Function, FunctionsSeen, Health, Known, Physical, Project, ProjectSeen, Pulse, Report, Room,
        SecuritySeen, Service, Source, Suspicions, WebhooksCounted, WebhooksSeen, World,
    )
}  # fmt: skip
_LONG = 64  # characters: what is shorter is a name or a word, and redaction would only hide what it is
_LEFT_OUT = (Thresholds,)


def packed(asked: frozenset[Asks], answers: Answers, world: World) -> dict[str, Any]:
    """As JSON. Raises TypeError for what has no place in it."""
    bare = replace(world, wider=replace(world.wider, digests=None))
    known = asked - {Wider.DIGESTS}
    return {"asked": sorted(str(one) for one in known), "answers": _out(answers), "world": _out(bare)}


def unpacked(seen: Mapping[str, Any], limits: Thresholds) -> tuple[frozenset[Asks], Answers, World]:
    """What was packed, to be judged by *limits*. Raises ValueError for a record that this version cannot read."""
    try:
        asked = frozenset(_question(one) for one in seen["asked"])
        answers, world = _in(seen["answers"]), _in(seen["world"])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the record cannot be read ({type(error).__name__})") from None
    if not isinstance(answers, Answers) or not isinstance(world, World):
        raise ValueError("the record is none of a look")  # noqa: TRY004  # it is the file that is wrong
    return asked, replace(answers, limits=limits), world


def _question(name: str) -> Asks:
    return Question(name) if name in set(Question) else Wider(name)


def _out(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return redact([str(value)])[0] if len(value) > _LONG else str(value)
        case datetime():
            return {"at": value.isoformat()}
        case list() | tuple():
            return {"many": [_out(one) for one in value]}
        case frozenset() | set():
            return {"set": sorted(str(one) for one in value)}
        case dict():
            return {"map": {str(name): _out(one) for name, one in value.items()}}
        case Failure():
            return {"failure": type(value).__name__, "with": {name: _out(one) for name, one in vars(value).items()}}
        case BaseModel() if type(value).__name__ in _SHAPES:
            return {
                "of": type(value).__name__,
                "with": {name: _out(getattr(value, name)) for name in type(value).model_fields},
            }
        case _ if is_dataclass(value) and type(value).__name__ in _SHAPES:
            names = (one.name for one in fields(value))
            kept = {name: getattr(value, name) for name in names}
            return {
                "of": type(value).__name__,
                "with": {
                    name: _out(one) for name, one in kept.items() if one is not None and not isinstance(one, _LEFT_OUT)
                },
            }
    raise TypeError(type(value).__name__)


def _in(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    if "many" in value:
        return tuple(_in(one) for one in value["many"])
    if "set" in value:
        return frozenset(value["set"])
    if "map" in value:
        return {name: _in(one) for name, one in value["map"].items()}
    given = {name: _in(one) for name, one in value["with"].items()}
    if "failure" in value:
        return _failure(value["failure"], given)
    shape = _SHAPES[value["of"]]
    return shape.model_construct(**given) if issubclass(shape, BaseModel) else shape(**given)


def _failure(name: str, given: dict[str, Any]) -> Failure:
    """As it was, without its own way of being made: each kind takes other arguments."""
    shape = _failures(Failure)[name]
    failure = shape.__new__(shape)
    Exception.__init__(failure, f"{given.get('what', '')} {given.get('do', '')}")
    for field, value in given.items():
        setattr(failure, field, value)
    return failure


def _failures(of: type[Failure]) -> dict[str, type[Failure]]:
    found = {of.__name__: of}
    for one in of.__subclasses__():
        found |= _failures(one)
    return found
