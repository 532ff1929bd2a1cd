"""What a dump needs: PostgreSQL's programs, a key pair of the team, a folder; the playground's database to dump."""

from pathlib import Path

import pytest
from pyrage import x25519

from playground.supabase.keeper import _owner, _reachable
from playground.supabase.postgres import programs


@pytest.fixture(scope="session")
def pg_bin(tmp_path_factory) -> Path:
    """Where any user may run them, as an installed server's are: the user that a server runs as, beside root."""
    return _reachable(programs(), tmp_path_factory.mktemp("programs"), _owner())


@pytest.fixture
def team():
    """The team's private key: it is nowhere near the bot."""
    return x25519.Identity.generate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dumps"


@pytest.fixture
def url(project) -> str:
    """The playground's database, as a user that may only read."""
    postgres = project.postgres
    return f"postgresql://supabase_read_only_user:not-asked-for@/postgres?host={postgres.host}&port={postgres.port}"
