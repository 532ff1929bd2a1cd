from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from store.database import Store, open_store
from tests.running import remembering
from tests.store.harness import KEY, NOON, Other, crash


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "aikeys.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = remembering(path, KEY)
    yield opened
    opened.close()


@pytest.fixture
def reopen(path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the store of *path*; what a test leaves open is closed."""
    made: list[Store] = []

    def open_again() -> Store:
        made.append(open_store(path, audit_key=KEY))
        return made[-1]

    yield open_again
    for one in made:
        crash(one)


@pytest.fixture
def another(path: Path) -> Iterator[Callable[[str], Other]]:
    """Starts another process on the same database."""
    started: list[Other] = []

    def start(program: str) -> Other:
        started.append(Other(program, path))
        return started[-1]

    yield start
    for one in started:
        with one.process:
            one.process.kill()
