"""The database, asked in the channel: what it does, what it lacks, and what nobody may read out of a statement."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.chat import whole, words

# Stands in for the extension, which the pip-installed PostgreSQL lacks: its name, and those of its columns we read.
_STAND_IN = """
create view extensions.pg_stat_statements as
select (select oid from pg_roles where rolname = 'service_role') as userid, 7::bigint as calls,
       812.5::float8 as mean_exec_time,
       2400::float8 as max_exec_time, 'select ''<!channel>'' from x where mail = ''zoe@example.com''' as query
union all
select (select oid from pg_roles where rolname = 'supabase_read_only_user'), 900, 9999, 9999,
       'select the_bots_own_question';
grant select on extensions.pg_stat_statements to public;
create table public."<!channel> *x*" as select repeat('x', 1000) as x from generate_series(1, 3000);
"""


@asynccontextmanager
async def blocked(project):
    """Somebody waits for somebody, for real."""
    async with project.postgres.superuser() as first, project.postgres.superuser() as second:
        await first.execute("begin; lock table public.profiles")
        waits = asyncio.create_task(second.execute("update public.profiles set role = role /* 198.51.100.7 */"))
        while not await first.fetchval("select count(*) from pg_locks where not granted"):
            pass
        yield
        await first.execute("rollback")
        await waits


async def test_a_viewer_sees_it_well_and_what_is_missing(chat):
    await chat.says("zoe", "/aikeys db")
    card = await chat.until(whole("Database well"), who="zoe")
    assert "the extension pg_stat_statements is not there" in words(card)
    assert "`public.payment_events`" in words(card)
    assert "15 to the database for 200 clients" in words(card)
    assert "42P01" not in words(card), "the error that our own question made is left out"


async def test_slow_statements_locks_and_hostile_names(chat, project):
    async with project.postgres.superuser() as admin:
        await admin.execute(_STAND_IN)
    async with blocked(project):
        await chat.says("ana", "/aikeys db")
        card = await chat.until(whole("1 statement slower than 500 ms"))
    text = words(card)
    assert "812 ms on average, 2.4 s at most, 7 calls by service_role" in text
    assert "the_bots_own_question" not in text
    assert "zoe@example.com" not in text
    assert "198.51.100.7" not in text
    assert "for 0 s" in text
    assert not any("<!channel>" in words({"blocks": [one]}) for one in card["blocks"] if one["type"] != "rich_text")


@pytest.mark.parametrize(
    ("switch", "verdict", "also"),
    [
        ("database_outage", "The database is unhealthy", "So not known: connections"),
        ("disk_full", "The database is read-only", "96 %"),
        ("management_429", "Not all of the database is known", "too many requests (429)"),
        ("logs_failing", "Database well", "So not known: errors in its log"),
    ],
)
async def test_what_cannot_be_asked_hides_nothing_else(chat, town, switch, verdict, also):
    await town.slack.faults.set(switch, True)
    await chat.says("ana", "/aikeys db")
    card = await chat.until(lambda one: verdict in one["blocks"][0]["text"]["text"] and whole(also)(one))
    assert "\n→ " in words(card).replace("\\n", "\n")
