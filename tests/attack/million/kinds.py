"""All kinds of input, with the product's own doors, and what they need: a memory, a repository, a loop."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.clock import SystemClock
from bot.registry import load
from bot.sources import Sources
from playground.source import WalletRepository
from store.database import open_store
from tests.attack.million.documents import Documents
from tests.attack.million.kind import Kind
from tests.attack.million.lines import Lines
from tests.attack.million.logs import Logs
from tests.attack.million.looping import Noting
from tests.attack.million.marks import Marks
from tests.attack.million.names import Names
from tests.attack.million.payloads import Payloads
from tests.attack.million.views import Views
from tests.running import KEY


@contextmanager
def kinds(folder: Path) -> Iterator[list[Kind]]:
    """The kinds, while this lasts. *folder*: an empty one, for what they need."""
    repository = WalletRepository(folder / "wallet")
    repository.build()
    loop, commands = Noting(), load()
    store = open_store(folder / "aikeys.sqlite", audit_key=KEY)
    try:
        sources = Sources(str(repository.path), folder / "data", SystemClock())
        newest = loop.run_until_complete(sources.resolve()).sha
        yield [
            Lines(commands),
            Payloads(commands, store, loop),
            Logs(),
            Views(commands),
            Marks(),
            Names(sources, newest, loop),
            Documents(),
        ]
    finally:
        store.close()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
