"""`aikeys run`: the bot, until SIGINT or SIGTERM. Nothing slow is imported here before it is needed."""

import asyncio
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.cli.exits import Exit
from bot.errors import AikeysError, PortTaken
from bot.memory.keys import audit_key, database
from bot.settings import Settings, Wrong, about, near_misses, read
from bot.start.hardening import close_memory, keep_small
from bot.telemetry import logs
from bot.version import version

if TYPE_CHECKING:
    from store.database import Store


def run(level: str = "info") -> int:
    """Read the settings, open the database, run the bot; return the exit code."""
    for sentence in near_misses():
        print(f"warning: {sentence}", file=sys.stderr)
    try:
        settings = read()
    except Wrong as wrong:
        return complain("cannot start, these settings are missing or wrong:", wrong.problems, Exit.SETTINGS)
    logs.configure(level, secrets=settings.secrets)
    # Imported once the settings are good: what is wrong with them is said at once.
    from bot.start.startup import CannotStart  # noqa: PLC0415
    from store.errors import StoreError  # noqa: PLC0415

    try:
        return _run(settings)
    except CannotStart as wrong:
        return complain("cannot start:", wrong.problems, Exit.SETTINGS)
    except StoreError as error:
        return complain("cannot use its database:", [error], Exit.STORE)
    except PortTaken as error:
        return complain("cannot open its HTTP port:", [error], Exit.PORT)
    except AikeysError as error:
        return complain("cannot start:", [error], Exit.SETTINGS)


def _run(settings: Settings) -> int:
    from bot.app import Bot  # noqa: PLC0415
    from bot.process import run as until_told  # noqa: PLC0415
    from bot.start.startup import introduce  # noqa: PLC0415
    from store.lock import claim  # noqa: PLC0415

    def ready(bot: Bot) -> None:
        print(f"aikeys is up: version {version()} · {introduce(bot.who, bot.target)}", flush=True)
        for sentence in (*bot.who.notes, *unlocks(settings)):
            print(f"  {sentence}", flush=True)

    close_memory()
    keep_small()
    path = database(settings)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key, lock = audit_key(settings), claim(path)  # two bots on one database are told apart before either is heard

    def memory() -> "Store":
        """Opened once Slack is heard: its libraries and its tables take a third of the start."""
        from store.database import open_store  # noqa: PLC0415

        return open_store(path, audit_key=key, lock=lock)

    try:
        return asyncio.run(until_told(settings, memory, ready=ready))
    finally:
        lock.release()


def unlocks(settings: Settings) -> list[str]:
    """Return a sentence for each optional setting that is not set: what it would unlock."""
    unset = [setting for name, setting in about().items() if setting.unlocks and not getattr(settings, name)]
    lines = [f"{setting.env} would unlock: {setting.unlocks}." for setting in unset if not setting.later]
    if later := [f"{setting.env} ({setting.unlocks})" for setting in unset if setting.later]:
        lines.append(f"For a later version: {', '.join(later)}.")
    if not settings.operators and not settings.approvers:
        lines.insert(0, "No roles are set: members may look, and nobody may change anything.")
    return lines


def complain(what: str, problems: Iterable[object], code: Exit) -> int:
    """Print each of *problems* on a line of its own; return *code*."""
    print(f"aikeys {what}", file=sys.stderr)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)
    return code
