"""Rules for objects: which fields there must be, which there may be, what they must agree on."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from playground.blockkit.problem import Found, Problem, step
from playground.blockkit.rules import Rule, only

Agreement: TypeAlias = Callable[[dict[str, Any], str, Found], None]
"""What several fields of one object must agree on; asked only when each field by itself is right."""


class Shape:
    """The rule of one kind of object.

    *kind* is the value of its `type` field, or None where Slack gives the object none. *need* and *may* say which
    fields it has and the rule of each; every other field is refused.
    """

    __slots__ = ("agreements", "fields", "kind", "need")

    def __init__(
        self,
        kind: str | None,
        *,
        need: Mapping[str, Rule] | None = None,
        may: Mapping[str, Rule] | None = None,
        agree: tuple[Agreement, ...] = (),
    ) -> None:
        own = {} if kind is None else {"type": only(kind)}
        self.kind = kind
        self.need = (*own, *(need or {}))
        self.fields: dict[str, Rule] = {**own, **(need or {}), **(may or {})}
        self.agreements = agree

    def __call__(self, value: object, at: str, found: Found) -> None:
        """Check *value*, which stands at *at*."""
        if not isinstance(value, dict):
            found.append(Problem(at, "wrong_type", "this must be an object"))
            return
        before = len(found)
        for name in self.need:
            if name not in value:
                found.append(Problem(f"{at}/{name}", "missing", f"“{name}” is required"))
        for name, one in value.items():
            rule = self.fields.get(name)
            if rule is None:
                found.append(Problem(step(at, name), "unknown_key", f"“{str(name)[:40]}” is not known here"))
            else:
                rule(one, f"{at}/{name}", found)
        if len(found) == before:
            for agreement in self.agreements:
                agreement(value, at, found)


def kind_of(value: object) -> str | None:
    """Return the `type` of *value*, or None where it has none that could be one."""
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else None


def kinds(*shapes: Shape) -> Rule:
    """Return the rule of an object that is one of *shapes*, told apart by its `type`."""
    by_kind = {shape.kind: shape for shape in shapes}

    def rule(value: object, at: str, found: Found) -> None:
        kind = kind_of(value)
        if kind is not None and (shape := by_kind.get(kind)) is not None:
            shape(value, at, found)
        elif not isinstance(value, dict):
            found.append(Problem(at, "wrong_type", "this must be an object"))
        elif "type" not in value:
            found.append(Problem(f"{at}/type", "missing", "“type” is required"))
        elif kind is None:
            found.append(Problem(f"{at}/type", "wrong_type", "this must be a text"))
        else:
            allowed = ", ".join(str(name) for name in by_kind)
            found.append(Problem(f"{at}/type", "unknown_kind", f"“{kind[:40]}” cannot stand here, only: {allowed}"))

    return rule


def one_of(*names: str) -> Agreement:
    """Return the agreement that at least one of the fields *names* is there."""

    def agreement(value: dict[str, Any], at: str, found: Found) -> None:
        if not any(name in value for name in names):
            found.append(Problem(at, "missing", f"one of these is required: {', '.join(names)}"))

    return agreement


def not_both(first: str, second: str) -> Agreement:
    """Return the agreement that the fields *first* and *second* are not there together."""

    def agreement(value: dict[str, Any], at: str, found: Found) -> None:
        if first in value and second in value:
            found.append(Problem(f"{at}/{second}", "conflict", f"“{first}” and “{second}” exclude each other"))

    return agreement


def exactly_one(first: str, second: str) -> tuple[Agreement, Agreement]:
    """Return the agreements that one of two fields is there, and not both."""
    return one_of(first, second), not_both(first, second)


def in_order(low: str, high: str) -> Agreement:
    """Return the agreement that the number in *low* is not above the number in *high*."""

    def agreement(value: dict[str, Any], at: str, found: Found) -> None:
        if low in value and high in value and float(value[low]) > float(value[high]):
            found.append(Problem(f"{at}/{low}", "conflict", f"“{low}” is above “{high}”"))

    return agreement
