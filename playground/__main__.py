"""`make demo`: the town with the bot in it. Prints `ready <address>` when the page is usable."""

import argparse
import asyncio
import errno
import os
import shlex
import signal
import socket
import sys
import tempfile
from pathlib import Path

from playground import keeping
from playground.source import WalletRepository
from playground.supabase.postgres import DatabaseFailed
from playground.town import Town

BOT_STARTS_WITHIN = 20.0  # seconds; one is usual
BOT_STOPS_WITHIN = 25.0  # seconds; it drains its work for 20
SHELL = "shell.env"  # the demo bot's settings, for a shell


def main() -> int:
    """Run until SIGINT or SIGTERM, or until the bot ends; 0 after an orderly end."""
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--port", type=_port, default=8400, help="where the workspace's page is (default 8400)")
    parser.add_argument("--data", type=Path, help="keep the bot's database in this folder (default: a temporary one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aikeys-demo-") as folder:
        return asyncio.run(_demo(arguments.port, arguments.data or Path(folder)))


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no port: 0 to 65535, 0 for any that is free")
    return int(text)


async def _demo(port: int, data: Path) -> int:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    door = os.environ.get("AIKEYS_HTTP") or f"127.0.0.1:{_free()}"
    town = Town(port=port, alerts_to="" if door == "off" else door)
    try:
        await town.start()
    except DatabaseFailed as error:
        print(f"PostgreSQL did not start: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        print(f"the port {port} {why}; choose another: make demo PORT={_another(port)}", file=sys.stderr)
        return 1
    await town.project.traffic.start()
    bot = await _bot(town, data)
    try:
        await _until_usable(town, bot, stop)
        if not stop.is_set() and bot.returncode is None:
            print(f"ready {town.slack.url}/", flush=True)
            print(f"aikeys in another shell: . {data / SHELL}; .venv/bin/aikeys doctor", file=sys.stderr, flush=True)
            ended = asyncio.create_task(bot.wait())
            asked = asyncio.create_task(stop.wait())
            await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
            asked.cancel()
        if not stop.is_set():
            print(f"the bot ended with code {await bot.wait()}", file=sys.stderr)
            return 1
        return 0
    finally:
        await _end(bot)
        await town.stop()


def _free() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _another(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8400


async def _bot(town: Town, data: Path) -> asyncio.subprocess.Process:
    """Start the bot as it runs in production: a process of its own that knows only its settings."""
    settings = town.settings(data)
    settings["AIKEYS_SOURCE"] = str(await asyncio.to_thread(_source, data / "wallet"))
    copy = data / "circle-webhook"
    copy.write_text(town.project.secrets["CIRCLE_WEBHOOK_SECRET"])  # made up, as all here
    settings |= keeping.settings(town, data)
    settings |= {"AIKEYS_SYNTHETIC": "true", "AIKEYS_WEBHOOK_SECRET_PATH": str(copy)}
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in sorted(settings.items())]
    (data / SHELL).write_text("".join(lines))  # its tokens too: made up, and good for this town alone
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TERM", "NO_COLOR") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "playground.kept",  # ends the bot when this process ends, however it ends
        *(sys.executable, "-m", "bot", "run"),
        stdin=asyncio.subprocess.PIPE,
        env=kept | settings,
        start_new_session=True,  # Ctrl-C in the terminal reaches this process alone; it stops the bot in order
    )


def _source(folder: Path) -> Path:
    """The wallet's repository, made where there is none: what is deployed comes from it."""
    repository = WalletRepository(folder)
    if not (folder / ".git").is_dir():
        repository.build()
    return repository.path


async def _until_usable(town: Town, bot: asyncio.subprocess.Process, stop: asyncio.Event) -> None:
    ended = asyncio.create_task(bot.wait())
    asked = asyncio.create_task(stop.wait())
    listening = town.slack.until(lambda: town.slack.sockets.open, timeout=BOT_STARTS_WITHIN)
    connected = asyncio.create_task(listening)
    await asyncio.wait({ended, asked, connected}, return_when=asyncio.FIRST_COMPLETED)
    for task in (ended, asked, connected):
        task.cancel()
    await asyncio.gather(ended, asked, connected, return_exceptions=True)


async def _end(bot: asyncio.subprocess.Process) -> None:
    if bot.returncode is not None:
        return
    assert bot.stdin is not None  # noqa: S101  # it was asked for above
    bot.stdin.close()
    try:
        async with asyncio.timeout(BOT_STOPS_WITHIN):
            await bot.wait()
    except TimeoutError:
        bot.kill()
        await bot.wait()


if __name__ == "__main__":
    sys.exit(main())
