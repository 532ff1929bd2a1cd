"""kill -9 in the middle of a migration: applied once at most, told as it is, settled within 30 s of the restart."""

import signal

import pytest

from playground.source import ANA, SENT_AT
from tests.chat import words
from tests.deploys import Deploying

VERSION, NEXT = SENT_AT[:14], "20261104090000"
SETTLED = 30.0  # seconds after the restart


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def deploying(chat, project, repository) -> Deploying:
    project.archive.takes = 0.0
    repository.commit(ANA, "More", {f"supabase/migrations/{NEXT}_more.sql": "create table public.more (a int);\n"})
    return Deploying(chat, project)


@pytest.mark.parametrize(
    ("point", "nth", "applied", "end"),
    [
        pytest.param("step.effect", "4", [VERSION, NEXT], "Done.", id="applied, nothing written"),
        pytest.param("step.intent", "5", [VERSION], "*Failed*", id="between the two"),
    ],
)
async def test_killed_in_the_middle(mortal, deploying, project, point, nth, applied, end):
    await mortal.starts(point, nth)
    card = await deploying.asks("migrate")
    await deploying.click("ben", card, "Approve")
    assert await mortal.died() == -signal.SIGKILL

    await mortal.starts()

    ends = ("Done.", "*Failed*", "Needs a human")
    seen = await deploying.chat.until(
        lambda one: "Details in the thread" in words(one) and any(word in words(one) for word in ends), timeout=SETTLED
    )
    assert end in words(seen)
    async with project.postgres.superuser() as connection:
        rows = await connection.fetch("select version from supabase_migrations.schema_migrations order by version")
    assert [row["version"] for row in rows if row["version"] >= VERSION] == applied
