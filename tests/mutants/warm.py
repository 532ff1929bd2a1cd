"""The warm process: it has loaded the tests and runs none. Each mutant is a fork of it, and runs what may notice it.

What was run in a process before the fork would be dead after it (threads, loops, connections), and its mutants would
hang instead of being judged: so the healthy run that measures the tests is a child as well.
"""

import os
import pickle
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.python import ROOT, Mutant
from tests.mutants.subjects import LEFT_OUT

PATIENCE = 20.0  # seconds, and ten times what the tests took: the machine may be busy
EXAMPLES = 30  # of a property: a fault that needs more is for the whole suite
HEAVY = {"_project", "_wallet", "nursery"}  # servers and processes: no quick tests


@dataclass(frozen=True, slots=True)
class Measured:
    """A test as it is on the healthy code. *touched*: (file, first line) of each function of the subjects that ran."""

    seconds: float
    passed: bool
    touched: frozenset[tuple[str, int]]


@dataclass
class Child:
    """A fork, its end of the pipe, and when it is no longer waited for (time.monotonic)."""

    pid: int
    pipe: int
    until: float
    folder: str
    said: bytes = b""


@dataclass
class Runner:
    """What pytest has collected, and the children."""

    items: list[pytest.Item]
    at_once: int = 2
    _children: dict[int, tuple[Child, Any]] = field(default_factory=dict)

    def measured(self, paths: Iterable[str]) -> dict[str, Measured]:
        """Run all of them once on the healthy code."""
        files = {str(ROOT / path) for path in paths}
        child = self._fork(lambda: pickle.dumps(_measure(self.items, files)), 1200)
        self._children[child.pipe] = (child, None)
        ((_, said),) = list(self._ended(all_=True))
        if not said:
            raise RuntimeError("the healthy run broke off")
        found: dict[str, Measured] = pickle.loads(said)
        return found

    def judged(
        self, work: Iterable[tuple[Mutant, list[str]]], tests: Mapping[str, Measured]
    ) -> Iterator[tuple[Mutant, str]]:
        """Each mutant with what became of it: `noticed by …`, `survived`, `hung`, `stillborn …`."""
        by_name = {item.nodeid: item for item in self.items}
        try:
            yield from self._judged(work, tests, by_name)
        finally:  # also where somebody has interrupted it
            for child, _ in list(self._children.values()):
                self._bury(child)

    def _judged(
        self,
        work: Iterable[tuple[Mutant, list[str]]],
        tests: Mapping[str, Measured],
        by_name: Mapping[str, pytest.Item],
    ) -> Iterator[tuple[Mutant, str]]:
        for mutant, names in work:
            chosen = [by_name[name] for name in names]
            patience = PATIENCE + 10 * sum(tests[name].seconds for name in names)
            child = self._fork(lambda mutant=mutant, chosen=chosen: _judge(mutant, chosen).encode(), patience)  # type: ignore[misc]  # bound now
            self._children[child.pipe] = (child, mutant)
            yield from ((one, said.decode() or "hung") for one, said in self._ended())
        yield from ((one, said.decode() or "hung") for one, said in self._ended(all_=True))

    def _fork(self, does: Callable[[], bytes], patience: float) -> Child:
        reads, writes = os.pipe()
        folder = tempfile.mkdtemp(prefix="mutant-")
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            os.close(writes)
            return Child(pid, reads, time.monotonic() + patience, folder)
        os.setpgid(0, 0)  # what it starts ends with it
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(reads)
        nothing = os.open(os.devnull, os.O_RDWR)
        for handle in (1, 2):
            os.dup2(nothing, handle)
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        try:
            with os.fdopen(writes, "wb") as pipe:
                pipe.write(does())
        finally:
            os._exit(0)

    def _ended(self, *, all_: bool = False) -> Iterator[tuple[Any, bytes]]:
        """Wait until there is room for one more, or until all have ended."""
        while self._children and (all_ or len(self._children) >= self.at_once):
            left = min(child.until for child, _ in self._children.values()) - time.monotonic()
            for pipe in select.select(list(self._children), [], [], max(0.0, left))[0]:
                child, about = self._children[pipe]
                more = os.read(pipe, 65536)
                child.said += more
                if not more:
                    yield about, self._bury(child)
            for child, about in list(self._children.values()):
                if time.monotonic() > child.until:
                    child.said = b""
                    yield about, self._bury(child)

    def _bury(self, child: Child) -> bytes:
        del self._children[child.pipe]
        with suppress(ProcessLookupError):  # it has ended, and all that it has started
            os.killpg(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        os.close(child.pipe)
        shutil.rmtree(child.folder, ignore_errors=True)
        return child.said


class _Failures:
    """Hears how tests end."""

    def __init__(self) -> None:
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid


def _run(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, bool]]:
    heard = _Failures()
    items[0].config.pluginmanager.register(heard)
    for item, following in zip(items, [*items[1:], None], strict=True):
        heard.failed = ""
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        yield item, not heard.failed


def _measure(items: list[pytest.Item], files: set[str]) -> dict[str, Measured]:
    touched: set[tuple[str, int]] = set()

    def trace(frame: Any, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename in files:
            touched.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    found: dict[str, Measured] = {}
    running = _run(items)
    while True:
        touched.clear()
        began = time.monotonic()
        sys.settrace(trace)  # one that returns None looks at calls alone
        one = next(running, None)
        sys.settrace(None)
        if one is None:
            return found
        item, passed = one
        found[item.nodeid] = Measured(time.monotonic() - began, passed, frozenset(touched))


def _judge(mutant: Mutant, items: list[pytest.Item]) -> str:
    from tests.mutants.planting import plant

    try:
        if not plant(mutant.path, mutant.code()):
            return "stillborn: it changes nothing"
        if mutant.path.startswith("store/"):
            _lives()
    except Exception as error:  # noqa: BLE001  # whatever a mutant raises
        return f"stillborn: {error!r}"
    for item, passed in _run(items):
        if not passed:
            return f"noticed by {item.nodeid}"
    return "survived"


def _lives() -> None:
    """Whether the tables can be made at all: what SQLite cannot read is no mutant."""
    from store.schema import migrations
    from store.sqlite import Database

    db = Database(memory=True)
    try:
        migrations.apply(db)
    finally:
        db.close()


class Warm:
    """The plugin: in the place of running the tests it hands them over to *then*."""

    def __init__(self, then: Callable[[list[pytest.Item]], None]) -> None:
        self._then = then

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        import hypothesis

        # A mutant that is noticed need not be noticed by the shortest story.
        quick = hypothesis.settings(
            hypothesis.settings.get_profile("same-each-time"),
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
            report_multiple_bugs=False, database=None, max_examples=EXAMPLES,
        )  # fmt: skip
        hypothesis.settings.register_profile("mutants", quick)
        hypothesis.settings.load_profile("mutants")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        light = [item for item in items if not HEAVY & set(getattr(item, "fixturenames", ()))]
        items[:] = [item for item in light if not any(name in item.nodeid for name in LEFT_OUT)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._then(session.items)
        return True


def collected(tests: Iterable[str], then: Callable[[list[pytest.Item]], None]) -> int:
    """Load *tests* and hand them to *then*; pytest's exit code."""
    options = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "--capture=no"]
    return int(pytest.main([*options, *(str(Path(one)) for one in tests)], plugins=[Warm(then)]))
