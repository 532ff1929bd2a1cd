"""What happens in a made-up history: anything at all, at any time; what the schema refuses has not happened."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from store.errors import Refused
from store.events import Events
from store.times import to_text

PEOPLE = ("U0ANA", "U0BEN", "U0CY", "bot")
_Act = tuple[str, str, dict[str, Any], str | None]  # subject, kind, data, text


def _request(chance: random.Random, n: int, at: datetime) -> _Act:
    data = {
        "number": n, "thing": f"function/{chance.randrange(3)}", "expires_at": to_text(at + timedelta(minutes=30)),
        "needed": chance.choice([1, 1, 2]), "alone": int(chance.random() < 0.1), "digest": "d" * 64,
        "plan": {"pinned": n}, "where": {},
    }  # fmt: skip
    return f"approval/{n}", "approval.requested", data, None


def _start(chance: random.Random, n: int, at: datetime) -> _Act:
    data = {"number": n, "project": "abc", "steps": ["send"], "passes_freeze": int(chance.random() < 0.5)}
    return f"operation/{n}", "operation.started", data, None


def _step(chance: random.Random, n: int, at: datetime) -> _Act:
    data = {"step": chance.randrange(2), "attempt": 1, "name": "send", "outcome": "done"}
    return f"operation/{n}", chance.choice(["step.intent", "step.result"]), data, None


def _open(chance: random.Random, n: int, at: datetime) -> _Act:
    severity, titled = chance.choice(["P0", "P1"]), chance.random() < 0.5
    data = {"severity": severity, "dedup_key": f"cause/{chance.randrange(3)}"} | ({"title": "slow"} if titled else {})
    return f"incident/{n}", "incident.opened", data, None if titled else f"slow {n}\nsince noon"


def _silence(chance: random.Random, n: int, at: datetime) -> _Act:
    until = to_text(at + timedelta(hours=2))
    data = {"detector": f"cause/{n}", "severity": chance.choice(["P0", "P1"]), "until": until}
    return f"incident/{n}", "silence.asked", data, "being mended"


def _move(chance: random.Random, n: int, at: datetime) -> _Act:
    moves: list[tuple[str, dict[str, Any]]] = [
        ("incident.acknowledged", {}), ("incident.resolved", {}), ("incident.reopened", {}),
        ("incident.severity", {"severity": chance.choice(["P0", "P1"])}), ("incident.rated", {"useful": 1}),
        ("incident.merged", {"into": f"incident/{chance.randint(1, 4)}"}),
        ("incident.assigned", {"role": "scribe", "to": "U0CY"}),
    ]  # fmt: skip
    kind, data = chance.choice(moves)
    return f"incident/{n}", kind, data, None


_ACTS: tuple[Callable[[random.Random, int, datetime], _Act], ...] = (
    _request,
    lambda _chance, n, _at: (f"approval/{n}", "approval.voted", {}, None),
    lambda _chance, n, _at: (f"approval/{n}", "approval.granted", {"digest": "d" * 64}, None),
    lambda chance, n, _at: (f"approval/{n}", chance.choice(["approval.denied", "approval.withdrawn"]), {}, None),
    _start,
    _step,
    lambda _chance, n, _at: (f"operation/{n}", "operation.finished", {"outcome": "done"}, None),
    _open,
    _move,
    _silence,
    lambda _chance, n, _at: ("incident/1", "silence.agreed", {"silence": n}, None),
    lambda _chance, _n, at: ("project", "freeze.set", {"until": to_text(at + timedelta(hours=1))}, "a quiet hour"),
    lambda _chance, _n, _at: ("project", "freeze.lifted", {}, None),
    lambda _chance, n, _at: (f"review/admins/{n}", "review.due", {"kind": "admins", "of": str(n)}, None),
    lambda _chance, n, _at: (f"review/admins/{n}", "review.signed", {}, None),
    lambda _chance, n, _at: (f"function/{n}", "deploy.finished", {"function": f"f{n}", "ok": 1, "version": n}, None),
)


def act(events: Events, chance: random.Random, at: datetime) -> None:
    """Somebody does something, or is refused."""
    subject, kind, data, text = chance.choice(_ACTS)(chance, chance.randint(1, 4), at)
    try:
        events.append(subject, kind, chance.choice(PEOPLE), data, at, text=text)
    except Refused:
        return
