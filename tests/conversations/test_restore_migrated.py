"""/aikeys restore after /aikeys migrate: which go with it is what the timeline knows, not what the files are dated."""

from tests.chat import words
from tests.migrating import approves, columns, commits, deploying, environment, history

__all__ = ["deploying", "environment"]

AHEAD, LATE = "20991231235900", "20991231235901"  # files may bear dates to come


async def test_what_was_applied_before_the_point_stays_whatever_date_it_bears(
    deploying, chat, town, project, repository
):
    """Of two that are dated in years to come, one is applied before the point: it is neither said to go nor missed."""
    commits(repository, {f"{AHEAD}_ahead.sql": "alter table public.profiles add column ahead text;"})
    await approves(deploying, town, await deploying.asks("migrate"), "ben")
    await deploying.headline("Done.")
    await chat.says("ana", "/aikeys backup now here")
    await chat.until("To go back to it: /aikeys restore here")
    stood = await history(project)
    commits(repository, {f"{LATE}_late.sql": "alter table public.profiles add column late text;"})
    await approves(deploying, town, await deploying.asks("migrate"), "ben")
    await deploying.headline(f"{LATE} is applied")

    card = await deploying.asks("restore here")
    told = words(card)
    assert LATE in told
    assert AHEAD not in told

    await approves(deploying, town, card, "ben", "cy")

    done = words(await deploying.headline(f"Head of the migrations: {AHEAD}"))
    assert "Done." in done
    assert await history(project) == stood
    assert {"ahead"} == await columns(project, "profiles") & {"ahead", "late"}
