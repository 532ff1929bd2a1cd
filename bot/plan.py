"""What a destructive command would do: what it rests on (*pinned*), and what the reader is shown (*shown*). Pure.

The pinned half is what the action depends on: it is digested, kept with the approval and made again when somebody
approves; one field that differs refuses the approval. The shown half was true when it was posted and is never digested.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.approvals.policy import RiskClass
from bot.views.blocks import TextFile

JSON = Any  # what json.dumps takes: null, bool, int, float, str, list, dict with text keys

ABSENT = object()


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done.

    *command* names the procedure that carries it out; *line* is what was asked, without /aikeys; *subject* the thing
    it is about (`function/health`): a newer request for the same thing supersedes the older. *changes* and *dangers*
    are short lines of mrkdwn, escaped; *shown* are such lines, or Block Kit blocks. All of it is JSON.
    """

    command: str
    line: str
    title: str
    subject: str
    risk_class: RiskClass
    pinned: Mapping[str, JSON]
    changes: Sequence[str] = ()
    dangers: Sequence[str] = ()
    shown: Sequence[str | dict[str, Any]] = field(default=())

    @property
    def digest(self) -> str:
        """What an approval is given for: 64 hex digits."""
        return digest(self.pinned)

    def to_json(self) -> dict[str, JSON]:
        """As it is kept with the approval; `from_json` reads it back."""
        return asdict(self) | {"pinned": dict(self.pinned), "risk_class": self.risk_class.value}

    @classmethod
    def from_json(cls, kept: Mapping[str, JSON]) -> "Plan":
        """The plan that `to_json` wrote. Raises KeyError or ValueError where it is of another version."""
        return cls(
            command=kept["command"],
            line=kept["line"],
            title=kept["title"],
            subject=kept["subject"],
            risk_class=RiskClass(kept["risk_class"]),
            pinned=kept["pinned"],
            changes=tuple(kept["changes"]),
            dangers=tuple(kept["dangers"]),
            shown=tuple(kept["shown"]),
        )


@dataclass(frozen=True, slots=True)
class Made:
    """A plan, with what it needs beyond itself.

    *bodies*: what would be sent, kept by its hash (store.bodies) once somebody asks for the plan. *files* go into the
    thread of its card.
    """

    plan: Plan
    bodies: Sequence[bytes] = field(default=(), repr=False)
    files: Sequence[TextFile] = field(default=())


def canonical(pinned: Mapping[str, JSON]) -> bytes:
    """JSON in one way only: sorted keys, no blanks, UTF-8. Raises ValueError for NaN, TypeError for a non-JSON type."""
    return json.dumps(dict(pinned), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode(
        "utf-8", "surrogatepass"
    )  # half a surrogate has no UTF-8; here it only needs to stay itself


def digest(pinned: Mapping[str, JSON]) -> str:
    """SHA-256 of the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical(pinned)).hexdigest()


def differs(old: Mapping[str, JSON], new: Mapping[str, JSON]) -> list[str]:
    """The fields that are not the same, sorted; inside a mapping by path: `files.index.ts`, `live.version`.

    Same is same JSON: 1 and 1.0 and true differ, so that this is empty exactly where the digests are equal.
    """
    return sorted(set(_walk("", dict(old), dict(new))))


def _walk(path: str, old: JSON, new: JSON) -> list[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        found: list[str] = []
        for key in old.keys() | new.keys():
            below = f"{path}.{key}" if path else str(key)
            found += _walk(below, old.get(key, ABSENT), new.get(key, ABSENT))
        return found
    if old is ABSENT or new is ABSENT:
        return [path]
    return [] if canonical({"": old}) == canonical({"": new}) else [path]
