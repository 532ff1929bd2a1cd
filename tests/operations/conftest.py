import asyncio
import signal

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.operations.engine import Engine
from store.audit import verify
from store.database import look_into
from store.operations import NewOperation, Operation
from tests.operations.outside import Outside
from tests.operations.program import KEY
from tests.operations.work import PROJECT, STEPS, Work
from tests.running import remembering


@pytest.fixture
async def outside():
    outside = Outside()
    await outside.open()
    yield outside
    await outside.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "aikeys.sqlite"


@pytest.fixture
def store(path):
    opened = remembering(path)
    yield opened
    opened.close()


@pytest.fixture
async def work(outside):
    async with aiohttp.ClientSession() as session:
        yield Work(outside.url, session)


@pytest.fixture
async def engine(store, work):
    """With what it has shown, in order, as *shown*."""
    shown: list[Operation] = []
    engine = Engine(store, SystemClock(), {"deploy": work.procedure()}, shown.append)
    engine.shown = shown  # type: ignore[attr-defined]
    yield engine
    await engine.close(0)


@pytest.fixture
def begun(store):
    """Starts an operation in the store, as an approval would."""

    def begin(project: str = PROJECT, **more) -> Operation:
        new = NewOperation(project=project, command="deploy", title="Deploy health", steps=STEPS, data={}, **more)
        operation: Operation = store.operations.start(new, "UANA", SystemClock().now())
        return operation

    return begin


class Lives:
    """Runs the program, to be killed and run again; keeps what it acknowledged."""

    def __init__(self, nursery, path, url: str) -> None:
        self._nursery = nursery
        self._path = path
        self._url = url
        self.acknowledged: list[str] = []

    async def lives(self, *point: object, runs: int = 1, kill_after: float | None = None, within: float = 30) -> int:
        """Run it once; return its exit code. *kill_after*: seconds until kill -9, from its first word."""
        arguments = (str(self._path), self._url, str(runs))
        out = self._path.with_name("said")
        mortal = await self._nursery.bears("tests.operations.program", out, *arguments, point=point)
        if kill_after is not None:
            await mortal.speaks()
            await asyncio.sleep(kill_after)
            mortal.sends(signal.SIGKILL)
        code: int = await mortal.died(within)
        self.acknowledged += [line.split()[1] for line in mortal.said()]
        return code

    def judged(self, outside: Outside, unsettled: frozenset[str] | set[str] = frozenset()) -> list[str]:
        """Hold its rows against what the outside counted; return how each operation ended."""
        assert max(outside.done.values(), default=0) <= 1, outside.done
        db = look_into(self._path)
        assert verify(db, KEY).ok
        subjects = {row[0] for row in db.conn.execute("SELECT DISTINCT subject FROM events")}
        assert set(self.acknowledged) <= subjects
        assert {row[0] for row in db.conn.execute("SELECT state FROM approvals")} == {"granted"}
        sql = """SELECT o.number || '/' || s.name FROM operation_steps AS s JOIN operations AS o USING (subject)
            WHERE s.outcome = 'done' AND s.name <> 'look'"""
        assert {row[0] for row in db.conn.execute(sql)} == set(outside.done) - unsettled
        ended = db.conn.execute("SELECT number, state FROM operations ORDER BY number").fetchall()
        db.close()
        for number, state in ended:
            if state == "done":
                assert outside.done[f"{number}/deploy"] == outside.done[f"{number}/verify"] == 1
        return [state for _, state in ended]


@pytest.fixture
def mortal(nursery, path, outside) -> Lives:
    return Lives(nursery, path, outside.url)
