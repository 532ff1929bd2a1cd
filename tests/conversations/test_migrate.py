"""/aikeys migrate: what it does stands on the card, another person approves, PostgreSQL really runs it."""

from playground.source import SENT_AT
from playground.supabase.seed import statements
from tests.chat import words
from tests.migrating import (
    FOLDER,
    NEXT,
    VERSION,
    approves,
    catalog,
    columns,
    commits,
    deploying,
    environment,
    history,
    project_applies,
    rows,
)

__all__ = ["deploying", "environment"]


async def test_one_that_adds_a_column(deploying, chat, town, project, repository):
    """The card, the way back, the run, the history as the CLI would have written it, the catalog, the watch."""
    before, stood = await history(project), await catalog(project)
    async with project.postgres.superuser() as session, session.transaction():
        await session.execute("lock table public.payment_events in access share mode")
        card = await deploying.asks("migrate")
    told = words(card)
    assert "1 session at `public.payment_events` now, the oldest for" in told
    for word in (
        f"Migrate to {VERSION}",
        "line 1: creates `public.payment_events.sent_at`",
        "nobody reads or writes it meanwhile",
        "There now: `public.payment_events`",
        "a restore point is asked for",
        f"*Nobody has written a way back* of `{VERSION}`",
        "data may be in the way",
        "needs 1 of the approvers",
    ):
        assert word in told, word
    assert "DATA IS LOST" not in told
    assert "sent_at" not in await columns(project, "payment_events")

    await approves(deploying, town, card, "ben")

    done = words(await deploying.headline("Done."))
    assert f"{VERSION} is applied" in done
    changed = await catalog(project) ^ stood
    assert len(changed) == 1, "nothing else has changed in the whole catalog"
    assert changed.pop().startswith("payment_events.sent_at ")
    added = (VERSION, SENT_AT[15:-4], statements(repository.text(f"{FOLDER}/{SENT_AT}")))
    assert await history(project) == [*before, added], "what `supabase migration list` reads"
    assert "the catalog shows all 1 that it should" in words(await deploying.ended("the history has them"))
    point = next(iter(project.archive.points))
    await chat.says("zoe", "/aikeys backup")
    assert f"`{point}`" in words(await chat.until("1 restore point", "zoe")), "the way back is listed"
    await chat.says("zoe", "/aikeys migrations")
    assert "No migration is pending, 13 applied" in words(await chat.until("No migration is pending", "zoe"))


async def test_what_loses_data_takes_two_who_type_the_name(deploying, chat, town, project, repository):
    """The card says it line by line; only then it really happens, and the catalog shows it."""
    text = "-- old mail\nalter table public.profiles drop column email;\ndelete from public.audit_events;\n"
    commits(repository, {f"{NEXT}_forget.sql": text})
    audited = (await rows(project, "select count(*) from public.audit_events"))[0][0]
    card = await deploying.asks("migrate")
    told = words(card)
    for word in (
        "Apply 2 migrations",
        f"*DATA IS LOST*, line 2 of `{NEXT}`: *drops* `public.profiles.email`, with what is in it",
        f"*DATA IS LOST*, line 3 of `{NEXT}`: *deletes rows* of `public.audit_events`, all of them: no WHERE",
        f"`public.audit_events` {audited} row",
        "needs 2 of the approvers, who type the project's name",
    ):
        assert word in told, word

    await approves(deploying, town, card, "ben", "cy")

    done = words(await deploying.headline("Done."))
    assert f"{VERSION} is applied · {NEXT} is applied" in done
    assert "email" not in await columns(project, "profiles")
    assert await rows(project, "select 1 from public.audit_events") == []
    assert [one[0] for one in await history(project)][-2:] == [VERSION, NEXT]


async def test_one_that_fails_stops_the_run_and_says_where(deploying, town, project, repository):
    """The first is applied and stays; of the second nothing is there, also not what stood before the line."""
    text = "create table public.half (a int);\n\nselect 1;\nalter table public.paymentevents\n  add column a int;\n"
    commits(repository, {f"{NEXT}_typo.sql": text})
    await approves(deploying, town, await deploying.asks("migrate"), "ben")

    failed = words(await deploying.headline("*Failed*"))
    assert f"{NEXT}, in a line" not in failed
    assert f"Nothing of {NEXT} was applied." in failed
    assert f"{VERSION} is applied" in failed
    assert 'relation \\"public.paymentevents\\" does not exist' in failed or "does not exist" in failed
    assert [one[0] for one in await history(project)][-1] == VERSION
    assert await columns(project, "half") == set()


async def test_what_a_later_file_takes_away_is_not_missing(deploying, town, project, repository):
    """One makes a table, the next gives it another name: the catalog is asked about both as one."""
    rename = "alter table public.early rename to late;\n"
    commits(repository, {f"{NEXT}_a.sql": "create table public.early (a int);\n", "20261104100000_b.sql": rename})
    await approves(deploying, town, await deploying.asks("migrate"), "ben")
    assert "20261104100000 is applied" in words(await deploying.headline("Done."))
    assert await columns(project, "late") == {"a"}


async def test_a_file_that_cannot_be_applied_as_one(deploying, chat, repository):
    commits(repository, {f"{NEXT}_odd.sql": "create table a (b int);\ncommit;\ndrop table a;"})
    await chat.says("ana", "/aikeys migrate")
    told = await chat.until("is not applied")
    assert "Line 2 says COMMIT" in words(told)
    assert told["ephemeral"]


async def test_drift_is_refused_with_the_versions_and_a_way_out(deploying, chat, project, repository):
    """In either direction; and what a person then types is said."""
    await project_applies(project, "20261120000000", "by_hand")
    await chat.says("ana", "/aikeys migrate")
    told = words(await chat.until("Nothing is migrated."))
    assert "Applied, but not in the commit: 20261120000000" in told
    assert f"Older than what is applied already: {VERSION}" in told
    assert "put the file under that very version into the repository" in told
    assert "Give the file a new version" in told


async def test_nothing_waits(deploying, chat, repository):
    await chat.says("ana", f"/aikeys migrate --ref {repository.live}")
    await chat.until("There is nothing to migrate.")
    await chat.says("ana", "/aikeys migrate --to 20200101000000")
    await chat.until("No migration 20200101000000 waits")
    await chat.says("zoe", "/aikeys migrate")
    assert "is not for you" in words(await chat.until("🚫", "zoe"))


async def test_odd_files_one_after_the_other(deploying, town, project, repository):
    """Hostile names and texts stay text; a transaction of their own gives way; an index runs alone, and is noted."""
    name = "'); drop table public.profiles; -- <!channel>"
    hostile = "comment on table public.profiles is $x$'); drop table public.profiles; -- \\' $x$;\n"
    own = "begin;\ncreate table public.own (a int);\ncommit;\n"
    index = "create index concurrently if not exists by_wallet on public.payment_events (wallet_id);\n"
    versions = [NEXT, "20261104100000", "20261104110000"]
    names = [f"{NEXT}_{name}.sql", f"{versions[1]}_own.sql", f"{versions[2]}_index.sql"]
    commits(repository, dict(zip(names, (hostile, own, index), strict=True)))
    card = await deploying.asks("migrate")
    assert "<!channel>" not in words(card)
    assert "outside a transaction" in words(card)

    await approves(deploying, town, card, "ben")

    assert f"{versions[2]} is applied" in words(await deploying.headline("Done."))
    assert (await history(project))[-3:] == [
        (NEXT, name, [hostile.strip().rstrip(";")]),
        (versions[1], "own", ["begin", "create table public.own (a int)", "commit"]),
        (versions[2], "index", [index.strip().rstrip(";")]),
    ]
    assert "email" in await columns(project, "profiles")
    assert await columns(project, "own") == {"a"}
    assert await rows(project, "select indexname from pg_indexes where indexname = 'by_wallet'") == [("by_wallet",)]


async def test_approve_while_the_database_is_down_says_when_to_press_it_again(deploying, chat, bot, town, project):
    """What it is asked for stays as it is: the same button, later."""
    await deploying.asks("migrate")
    bot.store.incidents.open("P0", "Database outage", "database_outage", bot.clock.now())
    card = await chat.until(lambda one: "aikeys:approve" in words(one) and "aikeys:glass" in words(one))  # drawn anew
    await town.slack.faults.set("database_outage", True)
    await deploying.click("ben", card, "Approve")
    said = words(await chat.until("Not approved", "ben"))
    assert "Nothing was changed. Press Approve again when the database is back." in said
    assert "Ask again" not in said
    await town.slack.faults.set("database_outage", False)
    await deploying.click("ben", card, "Approve")
    await chat.until("pproved by <@U0BEN>")
