"""The cast and the town: real servers on loopback, a real bot, people who type and click."""

import gc
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path

import hypothesis
import pytest

from bot.clients.supabase import Supabase
from bot.clock import Clock, SystemClock
from bot.settings import Settings, read
from bot.telemetry import logs
from playground.clock import ManualClock
from playground.source import WalletRepository
from playground.supabase.project import Project
from playground.town import Town
from playground.underway import unsteady
from tests.chat import Chat
from tests.mortal.nursery import Nursery
from tests.running import remembering, running

MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30  # bytes; a container's own has 64 MB


def _in_memory() -> None:
    """Let temporary files lie in memory where there is room: a commit waits for the disk, and a run makes 100,000.

    What kill -9 leaves is the same on either; only the loss of power is not, and no test can cut that.
    """
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)  # for children, and for what has asked already


_in_memory()


class _Captured(io.TextIOBase):
    """Writes to whatever stands for stderr now: pytest puts a new one there for each test."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)


# A gate that is red must be red again when run again; `pytest --hypothesis-profile=default` goes looking for more.
hypothesis.settings.register_profile("same-each-time", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("same-each-time")

logs.configure("debug", stream=_Captured())  # type: ignore[arg-type]  # structlog only writes


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The slow ones first, dealt to the processes: begun last, one would go on while the others have nothing to do.

    xdist's worksteal gives each process a stretch of the list, and then lets who is done take from the others' ends.
    What a browser or the nursery takes part in goes to one process: to start those costs seconds of the processor.
    """
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    hands: list[list[pytest.Item]] = [[] for _ in range(processes)]
    usual, dealt = [], 0
    for item in items:
        named = getattr(item, "fixturenames", ())
        if "browser" in named:
            hands[0].append(item)
        elif "nursery" in named:
            hands[-1].append(item)
        elif item.get_closest_marker("slow"):
            hands[dealt % processes].append(item)
            dealt += 1
        else:
            usual.append(item)
    for number, hand in enumerate(hands):
        hand.sort(key=lambda item: item.get_closest_marker("slow") is None)
        share = len(items) * (number + 1) // processes - len(items) * number // processes
        room = max(0, share - len(hand))
        hand.extend(usual[:room])
        del usual[:room]
    items[:] = [*(item for hand in hands for item in hand), *usual]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is loaded here stays to the end: the garbage collector need not go through it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)  # what a test makes is mostly gone by itself: a twentieth of the whole run
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--unsteady",
        metavar="SEED",
        help="let Slack and Supabase answer late, by chance, and tests look late: what fails then is a race",
    )


@pytest.fixture
def late(request) -> Callable[[], float] | None:
    """By how many seconds the next answer is held up; None unless asked for."""
    seed = request.config.getoption("unsteady")
    return unsteady(f"{seed} {request.node.nodeid}") if seed else None


@pytest.fixture(scope="session")
async def _project():
    """One PostgreSQL and one Supabase for the whole run: it takes two seconds to start."""
    project = Project(SystemClock())
    await project.start()
    yield project
    await project.stop()


@pytest.fixture(scope="session")
async def nursery():
    """Where processes are born that a test kills."""
    nursery = Nursery()
    await nursery.open()
    yield nursery
    await nursery.close()


@pytest.fixture
async def project(_project, late):
    """The project as on its first day."""
    await _project.reset()
    _project.underway.late = late
    return _project


@pytest.fixture(scope="session")
def _wallet(tmp_path_factory) -> WalletRepository:
    """The wallet's source, built once."""
    built = WalletRepository(tmp_path_factory.mktemp("source") / "wallet")
    built.build()
    return built


@pytest.fixture
def repository(_wallet: WalletRepository, tmp_path: Path) -> WalletRepository:
    """The wallet's source, to commit to: its first commit is live, the later ones wait."""
    return _wallet.copy(tmp_path / "wallet")


@pytest.fixture
def clock() -> Clock:
    """The machine's clock; a test that moves time overrides this."""
    return SystemClock()


@pytest.fixture
async def town(project, clock, late):
    """A fresh workspace and mailbox around the project."""
    town = Town(clock, project=project)
    await town.start()
    town.slack.underway.late = late
    if isinstance(clock, ManualClock):
        clock.settles = town.settled
    yield town
    await town.stop()


@pytest.fixture
def needed() -> dict[str, str]:
    """The four settings without which nothing starts, in a good shape."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-1234567890-abcdefghij",
        "SLACK_APP_TOKEN": "xapp-1-A0AIKEYS-1234567890",
        "SUPABASE_ACCESS_TOKEN": "sbp_" + "0123456789abcdef0123456789abcdef01234567",
        "SUPABASE_PROJECT_REF": "abcdefghijklmnopqrst",
    }


@pytest.fixture
def environment(town: Town, tmp_path: Path) -> dict[str, str]:
    """What the bot is told; a test changes it before the bot starts."""
    return town.settings(tmp_path / "data")


@pytest.fixture
def settings(environment) -> Settings:
    """The same, read and checked."""
    return read(environment)


@pytest.fixture
def moved(town) -> ManualClock:
    """A clock of the bot's own, which stands still until it is moved; Slack and the project keep the machine's."""
    moved = ManualClock(town.clock.now())
    moved.settles = town.settled
    return moved


@pytest.fixture
async def supabase(project, clock):
    """The bot's client of the Management API, without a bot."""
    client = Supabase(project.api_url, project.access_token, project.ref, clock)
    yield client
    await client.close()


@pytest.fixture
def store(tmp_path):
    """An empty memory, without a bot."""
    opened = remembering(tmp_path / "aikeys.sqlite")
    yield opened
    opened.close()


@pytest.fixture
async def bot(town, settings, clock):
    """The bot, started and listening."""
    async with running(settings, clock) as bot:
        yield bot


@pytest.fixture
def chat(town, bot) -> Chat:
    """The channel with the bot in it."""
    return Chat(town.slack)
