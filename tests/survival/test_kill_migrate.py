"""kill -9 in the middle of a migration: applied once at most, told as it is, settled within 30 s of the restart."""

import signal

import pytest

from playground.source import ANA
from tests.chat import Seen, words
from tests.deploys import Deploying
from tests.migrating import NEXT, VERSION, environment, history, project_applies

__all__ = ["environment"]
SETTLED = 30.0  # seconds after the restart


@pytest.fixture
def deploying(chat, project) -> Deploying:
    project.archive.takes = 0.0
    return Deploying(chat, project)


TABLE = "create table public.more (a int);\n"
INDEX = "create index concurrently more on public.payment_events (wallet_id);\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "point", "applied", "end"),
    [
        pytest.param(TABLE, ("step.effect", "4"), [VERSION, NEXT], "Done.", id="applied, nothing written"),
        pytest.param(TABLE, ("step.intent", "5"), [VERSION], "*Failed*", id="between the two"),
        pytest.param(INDEX, ("step.effect", "5"), [VERSION, NEXT], "Done.", id="an index is built, and not noted"),
    ],
)
async def test_killed_in_the_middle(mortal, deploying, project, repository, text, point, applied, end):
    repository.commit(ANA, "More", {f"supabase/migrations/{NEXT}_more.sql": text})
    await mortal.starts(*point)
    card = await deploying.asks("migrate")
    await deploying.click("ben", card, "Approve")
    assert await mortal.died() == -signal.SIGKILL

    await mortal.starts()

    assert end in words(await settled(deploying))
    assert [version for version in await versions(project) if version >= VERSION] == applied


async def test_killed_in_the_middle_of_a_way_back(mortal, deploying, project, repository):
    """It was taken back, and that was written nowhere: the history answers, and nothing is taken back twice."""
    repository.commit(ANA, "Back", {f"supabase/migrations/down/{NEXT}_more.sql": "create table public.back (a int);\n"})
    await project_applies(project, NEXT, "more")
    await mortal.starts("step.effect", "4")
    card = await deploying.asks(f"rollback migration {NEXT}")
    await deploying.click("ben", card, "Approve")
    assert await mortal.died() == -signal.SIGKILL

    await mortal.starts()

    assert "Done." in words(await settled(deploying))
    assert NEXT not in await versions(project)


async def settled(deploying: Deploying) -> Seen:
    ends = ("Done.", "*Failed*", "Needs a human")
    return await deploying.chat.until(
        lambda one: "Details in the thread" in words(one) and any(word in words(one) for word in ends), timeout=SETTLED
    )


async def versions(project) -> list[str]:
    return [str(version) for version, *_ in await history(project)]
