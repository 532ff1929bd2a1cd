"""`aikeys backup` and `aikeys restore`: the bot's own memory, copied and put back (the wallet's: from Slack)."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.reading import reading
from bot.clock import SystemClock
from bot.errors import AikeysError
from bot.health.words import ago
from bot.memory.copying import once, own_key
from bot.memory.keys import KEPT, audit_key, database
from bot.settings import Settings
from store import copies
from store.database import look_into
from store.errors import StoreFull
from store.lock import holder

To = Annotated[Path | None, typer.Option("--to", help="the folder; without it AIKEYS_COPIES")]
From = Annotated[Path | None, typer.Option("--from", help="the folder of the copies; without it AIKEYS_COPIES")]
File = Annotated[str, typer.Argument(metavar="FILE", help="a copy, or latest: the newest in the folder")]
Replace = Annotated[bool, typer.Option("--replace", help="lay aside the database that is there")]
Drill = Annotated[bool, typer.Option("--drill", help="only try it, also while the bot runs: nothing is changed")]

_FAILED = "cannot do it:"


def backup(to: To = None) -> None:
    """Copy the bot's own database, also while the bot runs, and check the copy."""
    with reading(_FAILED, database=_FAILED) as settings:
        made = once(database(settings), _folder(settings, to), SystemClock().now(), own_key(settings))
        size = made.path.stat().st_size
        typer.echo(f"copied: {made.path}, {size / 1e6:.1f} MB, every page read back whole")


def restore(file: File = "latest", folder: From = None, *, replace: Replace = False, drill: Drill = False) -> None:
    """Put a copy of the bot's own database back, checked page by page and row by row. The bot must not run.

    With --drill: into a folder of its own beside the database, which is taken away again. The bot may run.
    """
    if drill and replace:
        raise typer.BadParameter("a drill replaces nothing: leave one of them out", param_hint="--drill")
    now = SystemClock().now()
    with reading(_FAILED, database=_FAILED) as settings:
        copy = Path(file) if file != "latest" else _newest(_folder(settings, folder))
        settings.data.expanduser().mkdir(mode=0o700, parents=True, exist_ok=True)
        if drill:
            with _elsewhere(settings, copy) as there:
                _put_back(there, copy, now, "good")
            typer.echo("It was a drill: what was put back is taken away again, and nothing else was touched.")
            return
        _put_back(settings, copy, now, "restored", replace=replace)
        typer.echo(
            "Start the bot: what waits goes on. An audit head posted later than the copy will be missed, and said."
        )


def _put_back(settings: Settings, copy: Path, now: datetime, said: str, *, replace: bool = False) -> None:
    path = database(settings)
    _bring_key(settings, copy.parent, now, replace=replace)
    done = copies.restore(copy, path, audit_key(settings, make=False), at=now, replace=replace)
    typer.echo(f"{said}: {copy.name}, {ago(max(0.0, (now - done.copy.at).total_seconds()))} old")
    typer.echo(f"  the timeline is good: {done.rows} rows; what happened after them is missing")
    if done.aside is not None:
        typer.echo(f"  what was there lies at {done.aside}")
    for sentence in _waits(path):
        typer.echo(f"  {sentence}")


@contextmanager
def _elsewhere(settings: Settings, copy: Path) -> Iterator[Settings]:
    """The settings of a machine that has nothing but the copy, and what lies beside it.

    Beside the database, since there the bot may write and there is room for one: a container's /tmp holds 64 MB.
    """
    data = settings.data.expanduser()
    for left in data.glob("drill-*"):  # one that was killed could not take it away
        if holder(left / database(settings).name) is None:
            shutil.rmtree(left, ignore_errors=True)
    if not copy.is_file():
        raise NoCopy(f"There is no copy at {copy}. Correct the path.")
    size = copy.stat().st_size
    if shutil.disk_usage(data).free < 2 * size:
        raise StoreFull(f"A drill needs {2 * size / 1e6:.0f} MB under {data} for a moment: make room.")
    if settings.audit_key is None and not (copy.parent / KEPT).exists():
        raise NoCopy(
            f"There is no {KEPT} in {copy.parent}, and AIKEYS_AUDIT_KEY is not set: with this machine the key would be "
            "lost, and no copy could be put back. Set it, and keep it elsewhere too."
        )
    with tempfile.TemporaryDirectory(prefix="drill-", dir=data) as folder:
        yield settings.model_copy(update={"data": Path(folder)})


def _waits(path: Path) -> Iterator[str]:
    """What goes on at the start, in sentences."""
    db = look_into(path)
    try:
        waiting = copies.waiting(db)
    finally:
        db.close()
    for one, many, number in waiting:
        yield f"{number} {one if number == 1 else many}"


def _newest(folder: Path) -> Path:
    found = copies.copies(folder)
    if not found:
        raise NoCopy(f"There is no copy in {folder}. Name the file, or the folder with --from.")
    return found[0].path


def _bring_key(settings: Settings, folder: Path, now: datetime, *, replace: bool) -> None:
    """The key comes from beside the copy, where the bot has put it; one that is there is laid aside with *replace*."""
    there, kept = own_key(settings), folder / KEPT
    if there is None or not kept.exists() or (there.exists() and there.read_bytes() == kept.read_bytes()):
        return
    if there.exists():
        if not replace:
            return  # what is there is refused below, in words
        there.rename(there.with_name(f"{there.name}.before-{now:%Y%m%dT%H%M%SZ}"))
    there.touch(mode=0o600)
    there.write_bytes(kept.read_bytes())


def _folder(settings: Settings, given: Path | None) -> Path:
    folder = given or settings.copies
    if folder is None:
        raise NoCopy("No folder is named. Set AIKEYS_COPIES, or name it here.")
    return folder.expanduser()


class NoCopy(AikeysError):
    """There is no copy to take, or no place to put one."""
