"""What must not change unless the bot changes it: functions, secrets, migrations, point-in-time recovery.

The first look is the baseline and pages nobody; from then on what differs and was not ours is an alarm, until a person
calls it right. Events of the timeline hold what was right last, each of its own subject.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.clients.errors import Failure
from bot.clients.supabase import Function, Secret
from bot.clients.supabase.door import moment
from bot.clients.supabase.migrations import Applied
from bot.health.answers import Answers, FunctionsSeen
from bot.health.expected import GUESSABLE_SECRETS, PLATFORM_SECRETS
from bot.incidents.wider import Answered
from store.database import Store
from store.operations import Operation

BASELINE = "watch.baseline"  # what the first look found, or what an operation of ours left
ATTRIBUTED = "function.attributed"  # a person has called a change by somebody else right
RIGHT = (BASELINE, ATTRIBUTED)
ROTATED = ("rotation.set", "rotation.finished")  # of ours, with the beginning of the digest that is live since
FUNCTION, SECRET, MIGRATIONS, RECOVERY, PROJECT = "function", "secret", "migrations", "recovery", "project"
OURS = timedelta(minutes=5)  # after an operation: what it touched settles

# Which of them an operation changes, by its command; of one that is not here, all.
TOUCHES: Mapping[str, frozenset[str]] = {
    "deploy": frozenset({FUNCTION}),
    "rollback": frozenset({FUNCTION}),
    "rotate": frozenset({SECRET, FUNCTION}),
    "migrate": frozenset({MIGRATIONS}),
    "rollback migration": frozenset({MIGRATIONS}),
    "dump": frozenset(),
    "point": frozenset(),
    "restore": frozenset({FUNCTION, SECRET, MIGRATIONS, RECOVERY, PROJECT}),
}
STUCK = timedelta(hours=4)  # after so long without a human's word an operation mutes nothing any more
EVERYTHING = frozenset({FUNCTION, SECRET, MIGRATIONS, RECOVERY})


def touched(operations: Iterable[Operation], now: datetime) -> frozenset[str]:
    """Pure: what *operations* change that run, or ended a moment ago."""
    found: frozenset[str] = frozenset()
    for one in operations:
        ended = [each.ended_at for each in one.attempts if each.ended_at is not None]
        if one.state == "running" or (not one.over and now - one.since < STUCK):
            found |= TOUCHES.get(one.command, EVERYTHING)
        elif ended and now - max(ended) < OURS:
            # It ends with the project answering again: what kills after that is no trace of it, and pages at once.
            found |= TOUCHES.get(one.command, EVERYTHING) - {PROJECT}
    return found


def fingerprint(secret: Secret) -> str:
    """What tells two values of *secret* apart, and nobody what they are.

    Of one that could be guessed not even the digest's beginning, which would tell that a guess was right.
    """
    begins = "" if secret.name in GUESSABLE_SECRETS else secret.begins
    return f"{begins} {secret.updated_at or ''}"


def head(history: Sequence[Applied]) -> str:
    """The newest migration, and how many there are: one that is slipped in below it shows too."""
    newest = max((one.version for one in history), default="none")
    return f"{newest} ({len(history)})"


class States:
    """What was right last, read from the timeline and kept there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] | None = None

    @property
    def known(self) -> Mapping[str, str]:
        """By subject, but for functions: those have versions of their own (bot.incidents.seeing)."""
        if self._known is None:
            found = [event for kind in RIGHT for event in self._store.events.newest(kind, 2000) if "is" in event.data]
            found.sort(key=lambda event: event.id)  # what was right last, whoever said so
            self._known = {event.subject.removeprefix("state/"): str(event.data["is"]) for event in found}
        return self._known

    def right(self, subject: str, value: str, by: str, at: datetime, kind: str = BASELINE) -> None:
        """It is right as it is now."""
        self._store.events.append(f"state/{subject}", kind, by, {"is": value}, at)
        if self._known is not None:
            self._known[subject] = value

    def forget(self) -> None:
        """Read them anew: a person has called one right."""
        self._known = None

    def learn(self, answers: Answers, wider: Answered, touches: frozenset[str], now: datetime) -> None:
        """Keep what a first look finds, and what an operation of ours leaves."""
        begun = {name.partition("/")[0] for name in self.known}
        with self._store.transaction():
            for subject, value in _found(wider):
                family = subject.partition("/")[0]
                if self.known.get(subject) == value:
                    continue
                if family not in begun or (family in touches and family != SECRET) or self._rotated(subject, value):
                    self.right(subject, value, "bot", now)
            self._functions(answers, touches, now)

    def _rotated(self, subject: str, value: str) -> bool:
        """Whether a rotation of ours left the secret so: by its digest's beginning, else by when it was set."""
        if not subject.startswith(f"{SECRET}/"):
            return False
        found = [self._store.events.latest(kind, subject) for kind in ROTATED]
        newest = max((one for one in found if one is not None), key=lambda one: one.id, default=None)
        if newest is None:
            return False
        begins, _, at = value.rpartition(" ")
        if newest.data.get("begins"):
            return bool(begins) and begins == newest.data["begins"]
        set_at = moment(at)
        return set_at is not None and set_at <= newest.at + OURS

    def _functions(self, answers: Answers, touches: frozenset[str], now: datetime) -> None:
        seen, events = answers.functions, self._store.events
        if not isinstance(seen, FunctionsSeen) or isinstance(seen.listed, Failure):
            return
        first = self.known.get(FUNCTION) is None
        for one in seen.listed:
            subject = f"function/{one.slug}"
            if (
                first
                and events.latest("deploy.finished", subject) is None
                and events.latest(ATTRIBUTED, subject) is None
            ):
                events.append(subject, BASELINE, "bot", _live(one), now)
            elif FUNCTION in touches and not events.of(subject):
                events.append(subject, BASELINE, "bot", _live(one), now)  # an operation has made it
        if first:
            self.right(FUNCTION, "seen", "bot", now)


def _live(one: Function) -> dict[str, object]:
    return {"version": one.version, "sha": one.ezbr_sha256 or "", "verify_jwt": one.verify_jwt}


def _found(wider: Answered) -> Iterator[tuple[str, str]]:
    if isinstance(wider.digests, tuple):
        for one in wider.digests:
            if not one.name.startswith(PLATFORM_SECRETS):
                yield f"{SECRET}/{one.name}", fingerprint(one)
    if isinstance(wider.history, tuple):
        yield MIGRATIONS, head(wider.history)
    if wider.backups is not None and not isinstance(wider.backups, Failure):
        yield RECOVERY, "on" if wider.backups.pitr_enabled else "off"


def called_right(store: Store, incident: str, about: Mapping[str, Any], by: str, at: datetime) -> bool:
    """*by* has resolved *incident*: each change that it was *about* is right, and is not told again.

    True where one is a state of the project's.
    """
    states = False
    for one in (about, *about.get("also", ())):
        if one.get("function"):
            data = {name: one.get(name) for name in ("version", "sha", "verify_jwt")} | {"incident": incident}
            store.events.append(f"function/{one['function']}", ATTRIBUTED, by, data, at)
        if one.get("state"):
            store.events.append(
                f"state/{one['state']}", ATTRIBUTED, by, {"is": one.get("is"), "incident": incident}, at
            )
            states = True
    return states
