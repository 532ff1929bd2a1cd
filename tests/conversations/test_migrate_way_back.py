"""Before anything is applied there is a way back: made, proved, or left out by word; else nothing is applied."""

from dataclasses import replace
from datetime import timedelta

from tests.chat import words
from tests.deploys import has_button
from tests.migrating import VERSION, approves, columns, deploying, environment, history

__all__ = ["deploying", "environment"]


async def test_a_restore_point_that_cannot_be_made_stops_it(deploying, chat, town, project):
    """And it was said before the yes; by word it goes without one, which the card says loudest."""
    card = await deploying.asks("migrate")
    assert "where Supabase makes none, nothing is applied" in words(card)
    async with project.answers("POST", "/restore-point$", status=400, body={"message": "Not on this plan."}):
        await approves(deploying, town, card, "ben")
        assert "Not on this plan" in words(await deploying.headline("*Failed*"))
        assert "sent_at" not in await columns(project, "payment_events")

        await chat.says("ana", "/aikeys migrate --unsaved")
        card = await chat.until(lambda one: has_button("Approve")(one) and "No way back is made" in words(one))
        await approves(deploying, town, card, "ben")
        assert f"{VERSION} is applied" in words(await deploying.headline("Done."))
    assert project.archive.points == {}


async def test_point_in_time_recovery_is_proved_at_the_last_moment(deploying, town, project):
    """It covers this minute when asked for, and no longer at the click: nothing is applied. Then it does again."""
    await town.slack.faults.set("pitr", True)
    card = await deploying.asks("migrate")
    assert "it is proved that point-in-time recovery covers this minute" in words(card)
    moments = project.archive.moments
    moments[:] = [replace(one, at=one.at - timedelta(hours=2)) for one in moments]
    await approves(deploying, town, card, "ben")
    assert "does not cover this minute any more" in words(await deploying.headline("*Failed*"))
    assert "sent_at" not in await columns(project, "payment_events")

    await project.archive.tick()
    await approves(deploying, town, await deploying.asks("migrate"), "ben")
    assert f"{VERSION} is applied" in words(await deploying.headline("Done."))
    assert project.archive.points == {}
    assert [one[0] for one in await history(project)].count(VERSION) == 1
