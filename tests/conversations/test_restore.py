"""/aikeys restore: the database really goes back once two others typed the project's name; and when it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.chat import words
from tests.deploys import Deploying, has_button, opened

PAY = """insert into public.payment_events (event_id, event_type, raw_event) values ($1, 'payments.confirmed', '{}')"""


@pytest.fixture
def deploying(chat, project) -> Deploying:
    project.archive.takes = 0.0
    chat.slack.limits.off = True
    return Deploying(chat, project)


async def pays(project, *names: str) -> None:
    async with project.postgres.superuser() as connection:
        for name in names:
            await connection.execute(PAY, name)


async def paid(project) -> set[str]:
    async with project.postgres.superuser() as connection:
        rows = await connection.fetch("select event_id from public.payment_events where event_id like 'pay-%'")
    return {row["event_id"] for row in rows}


async def types_the_name(deploying, who, card) -> None:
    await deploying.click(who, card, "Approve")
    view = await opened(deploying.chat, who)
    name = deploying.project.state.name
    await deploying.chat.slack.submit(who, view["id"], {"project": {"project": name}})


@pytest.mark.slow
async def test_two_type_the_name_and_the_database_goes_back(deploying, chat, project):
    """What is lost stands on the card; afterwards the payments made since are gone, and the wallet is called."""
    await pays(project, "pay-before")
    await chat.says("ana", "/aikeys backup now before-the-fix")
    await chat.until("To go back to it: /aikeys restore before-the-fix")
    await pays(project, "pay-1", "pay-2")

    await chat.says("ana", "/aikeys restore before-the-fix")
    card = await chat.until(has_button("Approve"))
    told = words(card)
    for word in ("before-the-fix", "*2 payments*", "DATA IS LOST", "needs 2 of the approvers", "offline", "Passwords"):
        assert word in told, word
    await types_the_name(deploying, "ben", card)
    card = await deploying.card("1 of 2: <@U0BEN>")
    assert project.archive.went_back == []
    await types_the_name(deploying, "cy", card)

    done = await deploying.headline("Done.")
    assert "offline for" in words(done)
    assert "2 rows written since are gone" in words(done)
    assert "Back to how it was before: /aikeys restore before-restore-2" in words(done)
    assert await paid(project) == {"pay-before"}
    assert len(project.archive.went_back) == 1
    progress = await deploying.ended("Compare, count and call")
    assert "before-restore-2" in words(progress)
    await chat.says("zoe", "/aikeys backup")
    seen = words(await chat.until("2 restore points", "zoe"))
    assert "`before-the-fix`" in seen
    assert "`before-restore-2`" in seen, "the way back that was taken first"


async def test_a_restore_that_fails_is_a_p0(deploying, chat, town, project):
    """The project is down: everybody is woken, in words that say what to do. A second restore is possible at once."""
    await town.slack.faults.set("restore_fails", True)
    await chat.says("ana", "/aikeys backup now good")
    await chat.until("To go back to it: /aikeys restore good")
    await chat.says("ana", "/aikeys restore good")
    card = await chat.until(has_button("Approve"))
    await types_the_name(deploying, "ben", card)
    card = await deploying.card("1 of 2: <@U0BEN>")
    await types_the_name(deploying, "cy", card)

    assert "RESTORE_FAILED" in words(await deploying.headline("*Failed*"))
    alarm = words(await chat.until("Restore failed: the project is down", channel="#incidents"))
    assert "P0" in alarm


async def test_gone_back_too_far_is_not_done(deploying, chat, project):
    """Supabase goes back to an older copy than it was asked for: what was paid before that is gone as well."""
    old = await project.archive.keep("old")
    async with project.postgres.superuser() as connection:
        paid_before = PAY.replace("(event_id,", "(created_at, event_id,").replace(
            "($1", "(now() - interval '1 hour', $1"
        )
        await connection.execute(paid_before, "pay-before")
    await chat.says("ana", "/aikeys backup now here")
    await chat.until("To go back to it: /aikeys restore here")
    project.archive.points["here"] = old
    await pays(project, "pay-1")
    await chat.says("ana", "/aikeys restore here")
    card = await chat.until(has_button("Approve"))
    await types_the_name(deploying, "ben", card)
    await types_the_name(deploying, "cy", await deploying.card("1 of 2: <@U0BEN>"))

    assert "too far" in words(await deploying.headline("*Failed*"))
    assert "Restore not proved" in words(await chat.until("Restore not proved", channel="#incidents"))


async def test_one_vote_and_a_wrong_name_restore_nothing(deploying, chat, town, project):
    """And a migration that somebody applies meanwhile refuses the plan: it would be undone unseen."""
    await chat.says("ana", "/aikeys backup now here")
    await chat.until("To go back to it: /aikeys restore here")
    await chat.says("ana", "/aikeys restore here")
    card = await chat.until(has_button("Approve"))
    await deploying.click("ben", card, "Approve")
    view = await opened(town, "ben")
    wrong = await town.slack.submit("ben", view["id"], {"project": {"project": "aikeys"}})
    assert "project" in wrong["errors"]
    async with project.postgres.superuser() as connection:
        later = f"{project.clock.now() + timedelta(minutes=1):%Y%m%d%H%M%S}"
        await connection.execute("insert into supabase_migrations.schema_migrations (version) values ($1)", later)
    await town.slack.submit("ben", view["id"], {"project": {"project": project.state.name}})
    await chat.until("Changed since it was shown: undoes", "ben", "@ben")
    assert project.archive.went_back == []


REFUSED = [
    ("restore 00:00:01", "Point-in-time recovery is not enabled for this project"),
    ("restore nowhere", "Supabase gives no restore point “nowhere”"),
    ('restore "2099-01-01 10:00"', "That is ahead: <!date^4070941200^"),  # ten o'clock where Ana is, in Madrid
    ('restore "the day before"', "neither the name of a restore point nor a time"),
]


async def test_what_cannot_be_gone_back_to_is_said(chat, project, town, bot):
    chat.slack.limits.off = True
    for line, why in REFUSED:
        await chat.says("ana", f"/aikeys {line}")
        await chat.until(why)
    await town.slack.faults.set("pitr", True)
    await chat.says("ana", "/aikeys restore 5d --plan")
    await chat.until("One cannot go back to")


async def test_a_second_can_be_chosen_where_recovery_is_on(chat, project, town, deploying):
    """--plan shows what would be lost and asks for nothing; without it the database goes back to that second."""
    await town.slack.faults.set("pitr", True)
    (first,) = project.archive.moments
    project.archive.moments[:] = [replace(first, at=first.at - timedelta(minutes=1)), await project.archive.tick()]
    await pays(project, "pay-1")
    await chat.says("ana", "/aikeys restore 30s --plan")
    seen = words(await chat.until("only a plan"))
    assert "goes back to how it was at" in seen
    assert project.archive.went_back == []
    await chat.says("ana", "/aikeys restore 30s")
    card = await chat.until(has_button("Approve"))
    await types_the_name(deploying, "ben", card)
    await types_the_name(deploying, "cy", await deploying.card("1 of 2: <@U0BEN>"))
    await deploying.headline("Done.")
    assert await paid(project) == set()


@pytest.mark.slow
async def test_an_answer_that_got_lost_is_asked_about(deploying, chat, project):
    """Supabase went back and its answer broke off: what was written since is gone, so it is not sent back twice."""
    await chat.says("ana", "/aikeys backup now here")
    await chat.until("To go back to it: /aikeys restore here")
    await pays(project, "pay-1")
    await chat.says("ana", "/aikeys restore here")
    card = await chat.until(has_button("Approve"))
    await types_the_name(deploying, "ben", card)
    card = await deploying.card("1 of 2: <@U0BEN>")
    async with project.answers("POST", "/backups/undo$", after=True, drop=True):
        await types_the_name(deploying, "cy", card)
        await deploying.headline("Done.")
    assert len(project.archive.went_back) == 1
    assert await paid(project) == set()
