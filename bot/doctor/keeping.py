"""What is kept, looked at: files that hold secrets, copies of the memory, and what a dump needs."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from bot.clock import Clock
from bot.doctor.line import Line, note, well, wrong
from bot.dumps.errors import DumpFailed
from bot.dumps.programs import Programs
from bot.health.words import ago
from bot.settings import Settings
from store import copies
from store.errors import StoreError

_LATE = 900.0  # seconds: a copy is made every four minutes


def files(named: Mapping[str, Path]) -> list[Line]:
    """*named*: the files that hold secrets, by the setting that names them. None of them is for everybody."""
    open_ = {name: path for name, path in named.items() if _mode(path) & stat.S_IRWXO}
    if named and not open_:
        return [well("Files of secrets", f"{len(named)}, none of them for everybody")]
    return [
        wrong(name, f"everybody on this machine may read {path}", f"chmod o= {path}") for name, path in open_.items()
    ]


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except OSError:
        return 0  # that it cannot be read is said where it is


def thresholds(settings: Settings) -> Line:
    """Whose thresholds count; a file that is wrong is a wrong setting, and said before."""
    tuning = settings.tuning
    if not tuning.path:
        return well("AIKEYS_THRESHOLDS", "built in")
    return well("AIKEYS_THRESHOLDS", f"those of {tuning.path}, and no mistake in it")


def user() -> list[Line]:
    """Whom the bot runs as. Root needs no permission: whatever gets into it has the machine."""
    if os.geteuid() != 0:
        return []
    return [note("User", "root: whoever got into the bot would have the machine", "Give it a user of its own.")]


def copied(settings: Settings, clock: Clock) -> list[Line]:
    """The copies of the bot's own memory."""
    what, folder = "AIKEYS_COPIES", settings.copies
    if folder is None:
        return [note(what, "not set: with this machine the bot's memory is lost", "docs/backups.md")]
    folder = folder.expanduser()
    if (refused := _writable(what, folder)) is not None:
        return [refused]
    there = settings.data.expanduser()
    if there.exists() and folder.exists() and there.stat().st_dev == folder.stat().st_dev:
        return [note(what, f"{folder} is on the same disk as the memory", "Name a folder on another one.")]
    try:
        found = copies.copies(folder)
    except (OSError, StoreError) as error:
        return [wrong(what, f"{folder} cannot be read ({type(error).__name__})", "Give it to the bot's user.")]
    if not found:
        return [well(what, f"{folder}, empty: the first copy is made four minutes after the start")]
    age = (clock.now() - found[0].at).total_seconds()
    said = f"{len(found)} in {folder}, the newest {ago(max(0.0, age))} old"
    if age > _LATE:
        return [note(what, said, "If a bot has run since, look in its log for copy.failed.")]
    return [well(what, said)]


def _writable(what: str, folder: Path) -> Line | None:
    there = folder if folder.exists() else folder.parent
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return None
    return wrong(what, f"{folder} is not mine to write", f"mkdir -p {folder}, and chown it to the bot's user.")


async def dumps(settings: Settings, version: int | None) -> list[Line]:
    """What `/aikeys backup dump` needs. *version*: the major one of the wallet's database, where it is known."""
    needed = {
        "AIKEYS_DUMP_URL": settings.dump_url,
        "AIKEYS_DUMP_KEY": settings.dump_key,
        "AIKEYS_DUMPS": settings.dumps,
        "AIKEYS_PG_BIN": settings.pg_bin,
    }
    missing = [name for name, value in needed.items() if not value]
    if len(missing) == len(needed):
        return [note("Dumps", "not set up: only Supabase has backups of the wallet", "docs/backups.md")]
    if missing:
        said = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set: no dump can be made"
        return [wrong("Dumps", said, "docs/backups.md says how; or take the others away.")]
    assert settings.pg_bin is not None  # noqa: S101  # not among the missing
    assert settings.dumps is not None  # noqa: S101  # the same
    lines = [_keys(settings.dump_key), await _programs(settings.pg_bin, version)]
    refused = _writable("AIKEYS_DUMPS", settings.dumps.expanduser())
    return [*lines, refused or well("AIKEYS_DUMPS", f"{settings.dumps}, mine to write")]


def _keys(keys: tuple[str, ...]) -> Line:
    from pyrage import RecipientError, x25519  # noqa: PLC0415  # its library costs 3 MB, and only dumps need it

    what = "AIKEYS_DUMP_KEY"
    for number, key in enumerate(keys, 1):
        try:
            x25519.Recipient.from_str(key)
        except RecipientError:
            return wrong(what, f"key {number} is mistyped: its checksum does not fit", "Copy it again (age-keygen -y).")
    if len(keys) == 1:
        said = "one key: where its private half is lost, so is every dump"
        return note(what, said, "Give a second person's as well, with a blank between.")
    return well(what, f"{len(keys)} keys")


async def _programs(folder: Path, version: int | None) -> Line:
    what, programs = "AIKEYS_PG_BIN", Programs(folder.expanduser())  # noqa: ASYNC240  # a short look
    try:
        programs.look()
        ours = await programs.version()
    except DumpFailed as failed:
        said, _, do = str(failed).partition(". ")
        return wrong(what, said, do)
    if version is not None and ours < version:
        said = f"PostgreSQL {ours}, older than the wallet's database ({version})"
        return wrong(what, said, f"Install PostgreSQL {version} and name its folder.")
    return well(what, f"PostgreSQL {ours}{f', the wallet has {version}' if version else ''}")
