"""Pure: what an argument model looks like from the command line."""

import types
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Argument:
    """One field: how it is written and what it takes.

    *flag*: a bool, written `--name` or `--no-name`, never by position. *many*: takes all words that are left; what is
    declared after it, or as `kw_only`, is written as an option only (*positional* is false).
    """

    field: str
    name: str
    help: str
    required: bool
    default: Any
    flag: bool
    many: bool
    positional: bool
    choices: tuple[str, ...]


def arguments(model: type[BaseModel]) -> list[Argument]:
    """Return the arguments of *model* in the order of its fields."""
    found: list[Argument] = []
    swallowed = False
    for field, info in model.model_fields.items():
        kind = _bare(info.annotation)
        flag, many = kind is bool, get_origin(kind) in (tuple, list)
        found.append(
            Argument(
                field=field,
                name=field.rstrip("_").replace("_", "-"),
                help=info.description or "",
                required=info.is_required(),
                default=None if info.is_required() else info.get_default(call_default_factory=False),
                flag=flag,
                many=many,
                positional=not flag and not swallowed and not info.kw_only,
                choices=choices(info),
            )
        )
        swallowed = swallowed or many
    return found


def choices(info: FieldInfo) -> tuple[str, ...]:
    """Return the words that a field takes, empty where it takes anything."""
    kind = _bare(info.annotation)
    if get_origin(kind) in (tuple, list):
        kind = _bare(next(iter(get_args(kind)), None))
    return _choices(kind)


def _choices(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return tuple(map(str, get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(member.value) for member in kind)
    return ()


def _bare(kind: Any) -> Any:
    """Return *kind* without Annotated and without `| None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        rest: Sequence[Any] = [each for each in get_args(kind) if each is not type(None)]
        return _bare(rest[0]) if len(rest) == 1 else kind
    return kind
