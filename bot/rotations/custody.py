"""The value before: kept in a sealed box for some hours, where it came sealed and the team has switched that on.

Only the bot's own key opens it (bot.vault.keyfile), and it does so in memory. Who holds both file and key holds the
value: that is why none is kept unless somebody has decided so.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.errors import AikeysError
from bot.operations.steps import Run, StepFailed
from bot.rotations import record
from bot.rotations.kit import Kit
from bot.rotations.names import WAIT
from bot.vault import Value
from store.custody import Kept


def keep(kit: Kit, old: Mapping[str, str | None], new: Mapping[str, str], values: Mapping[str, Value]) -> None:
    """Keep the new *values* for the day that they are the old ones; let those that they replaced go in time.

    *old*, *new*: the marks, by name; after a restart the new values are forgotten, and cannot be kept.
    """
    hours, rows = kit.ctx.settings.custody, kit.ctx.store.custody
    now = kit.ctx.clock.now()
    for name, mark in new.items():
        rows.replaced(name, old.get(name), mark, now, now + timedelta(hours=hours))
        value = values.get(name)
        if hours and value is not None and value.sealed:
            rows.keep(name, mark, kit.vault.box.seal(value), now)


def way_back(kit: Kit, name: str, mark: str | None, now: datetime) -> Kept | None:
    """The value of *name* that was replaced last, if it is kept and what replaced it (*mark*) is still the live one."""
    found = kit.ctx.store.custody.before(name, now)
    return found if found is not None and kit.ctx.settings.custody and mark == _set_last(kit, name) else None


def _set_last(kit: Kit, name: str) -> str | None:
    """The mark of the value of *name* that a rotation set last; None where that is not known any more."""
    last = kit.ctx.store.events.latest(record.SET, f"secret/{name}")
    operation = kit.ctx.store.operations.get(str(last.data["operation"])) if last is not None else None
    if operation is None:
        return None
    entered: dict[str, str] = (operation.results.get(WAIT) or {}).get("marks") or {}
    return (entered or marks(kit, operation.data.get("undo") or {})).get(name)


def held(kit: Kit, name: str, mark: str | None) -> bool:
    """Whether the value of *name* that is live now could be brought back after a rotation."""
    return bool(kit.ctx.settings.custody and mark and kit.ctx.store.custody.find(name, mark))


def old(kit: Kit, name: str, mark: str | None) -> Value | None:
    """The value that was live before, where it is kept: to show that it is refused."""
    kept = kit.ctx.store.custody.find(name, mark) if mark else None
    try:
        return kit.vault.box.open(kept.box) if kept is not None else None
    except AikeysError:
        return None  # another key by now: then a wrong signature has to do


def marks(kit: Kit, undo: Mapping[str, int]) -> dict[str, str]:
    """The marks of what is brought back, by name."""
    found = {name: kit.ctx.store.custody.get(id_) for name, id_ in undo.items()}
    return {name: kept.mark for name, kept in found.items() if kept is not None}


def opened(kit: Kit, run: Run, undo: Mapping[str, int]) -> Mapping[str, Value]:
    """What is brought back, from its boxes. Raises StepFailed where they are gone."""
    if values := kit.hands.values(run.operation.subject, run.clock.monotonic()):
        return values
    values = {}
    for name, id_ in undo.items():
        kept = kit.ctx.store.custody.get(id_)
        if kept is None:
            raise StepFailed(f"The value of {name} before is no longer kept.")
        try:
            values[name] = kit.vault.box.open(kept.box)
        except AikeysError as error:
            raise StepFailed(f"The box with the value of {name} before cannot be opened: {error}") from error
    kit.hands.hold(run.operation.subject, values, run.clock.monotonic())
    return values
