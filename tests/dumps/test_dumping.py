"""A dump is taken at one moment, restored elsewhere and counted; what is not as it was is no backup."""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from bot.dumps.dumping import DUMP, MANIFEST, ROLES, Dumping, differing, named, surplus
from bot.dumps.errors import DumpFailed
from bot.dumps.programs import Programs, service_file
from bot.dumps.scratch import Scratch
from bot.dumps.sealing import Passing

AT = datetime(2026, 11, 25, 19, 45, tzinfo=UTC)
NAME = named(AT)


@pytest.fixture
def dumping(url, pg_bin, folder, team) -> Dumping:
    return Dumping(url, pg_bin, folder, [str(team.to_public())])


async def counted(project) -> int:
    async with project.postgres.superuser() as connection:
        return int(await connection.fetchval("select count(*) from public.payment_events"))


async def test_it_is_taken_restored_and_counted(dumping, project, folder, team):
    """With a table whose name is hostile, and rows written meanwhile: the counts are those of one moment."""
    async with project.postgres.superuser() as connection:
        await connection.execute("""create table public."it's; drop table x --" (id int)""")
        await connection.execute("""insert into public."it's; drop table x --" values (1), (2)""")
        await connection.execute("create table public.empty (id int)")
    payments = await counted(project)
    assert (await dumping.look())["pg_dump"] >= 17
    passing = Passing()
    taken = await dumping.take(AT, passing)
    await project.traffic.send(3)
    seen = await dumping.check(NAME, passing)
    assert dumping.keep(NAME) == []

    manifest = json.loads((folder / NAME / MANIFEST).read_text())
    assert manifest["rows"]["public.payment_events"] == payments
    assert manifest["rows"]["public.it's; drop table x --"] == 2
    assert manifest["rows"]["public.empty"] == 0
    assert seen.rows == taken.rows == sum(manifest["rows"].values())
    assert seen.odd == 0
    assert sorted(path.name for path in folder.iterdir()) == [NAME]
    roles = pyrage.decrypt((folder / NAME / ROLES).read_bytes(), [team])
    assert b"CREATE ROLE service_role" in roles
    assert b"PASSWORD" not in roles
    assert pyrage.decrypt((folder / NAME / DUMP).read_bytes(), [team])[:5] == b"PGDMP"
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder / NAME).glob("*.age"))


async def test_a_file_that_was_changed_is_no_backup(dumping, folder):
    passing = Passing()
    taken = await dumping.take(AT, passing)
    file = taken.folder / DUMP
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DumpFailed, match="no backup"):
        await dumping.check(NAME, passing)
    file.write_bytes(whole)
    roles = (taken.folder / ROLES).read_bytes()
    (taken.folder / ROLES).write_bytes(roles[: len(roles) // 2])
    with pytest.raises(DumpFailed, match="no backup"):
        await dumping.check(NAME, passing)
    (taken.folder / ROLES).write_bytes(roles)
    manifest = json.loads((taken.folder / MANIFEST).read_text())
    manifest["rows"]["public.payment_events"] += 1
    (taken.folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(DumpFailed, match=r"public.payment_events has \d+ rows of \d+"):
        await dumping.check(NAME, passing)
    await dumping.take(AT, Passing())  # what was never checked is removed by the next
    assert [path.name for path in folder.iterdir()] == [f"{NAME}.part"]


async def test_what_this_user_may_not_see_is_refused_not_left_out(project, pg_bin, folder, team):
    """RLS: a user without bypassrls would count and dump fewer rows."""
    async with project.postgres.superuser() as connection:
        await connection.execute("create role half login; grant pg_read_all_data to half")
    postgres = project.postgres
    half = f"postgresql://half@/postgres?host={postgres.host}&port={postgres.port}"
    try:
        with pytest.raises(DumpFailed, match="row-level security"):
            await Dumping(half, pg_bin, folder, [str(team.to_public())]).take(AT, Passing())
    finally:
        async with project.postgres.superuser() as connection:
            await connection.execute("drop role half")


@pytest.mark.parametrize(("url", "why"), [("postgresql://x:secret-word@127.0.0.1:9/postgres", "cannot be read")])
async def test_nobody_there(url, why, pg_bin, folder, team):
    folder.mkdir()
    with pytest.raises(DumpFailed, match=why) as failed:
        await Dumping(url, pg_bin, folder, [str(team.to_public())]).look()
    assert "secret-word" not in str(failed.value)


async def test_programs_that_are_missing_or_older_are_said(url, folder, team, tmp_path, pg_bin):
    empty = tmp_path / "none"
    empty.mkdir()
    with pytest.raises(DumpFailed, match="has no pg_dump"):
        await Dumping(url, empty, folder, [str(team.to_public())]).look()
    old = tmp_path / "old"
    old.mkdir()
    for name in ("pg_dumpall", "pg_restore", "psql", "initdb", "postgres"):
        (old / name).symlink_to(pg_bin / name)
    (old / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    (old / "pg_dump").chmod(0o755)
    with pytest.raises(DumpFailed, match="an older one cannot dump a newer"):
        await Dumping(url, old, folder, [str(team.to_public())]).look()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is how a process is looked at")
async def test_the_password_is_in_no_argument_and_no_variable(project, pg_bin, folder, team):
    """While pg_dump runs, it is looked at as anybody on this machine could."""
    async with project.postgres.superuser() as connection:
        await connection.execute(
            "create table public.wide as select repeat('x', 900) as x from generate_series(1, 20000)"
        )
    postgres = project.postgres
    url = f"postgresql://supabase_read_only_user:canary-7f3a@/postgres?host={postgres.host}&port={postgres.port}"
    taking = asyncio.create_task(Dumping(url, pg_bin, folder, [str(team.to_public())]).take(AT, Passing()))
    seen = set()
    while not taking.done():
        for process in await asyncio.to_thread(_children):
            seen.add(process.partition(b"\0")[0].rpartition(b"/")[2])
            assert b"canary-7f3a" not in process
        await asyncio.sleep(0)
    await taking
    assert b"pg_dump" in seen


def _children() -> list[bytes]:
    """Arguments and environment of every process that this one has started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.append((process / "cmdline").read_bytes() + (process / "environ").read_bytes())
        except OSError:
            continue
    return found


def test_the_service_file():
    assert service_file("postgresql://u%40x:p%2Fw@db.example.com/postgres").splitlines() == [
        "[wallet]",
        "host=db.example.com",
        "port=5432",
        "dbname=postgres",
        "user=u@x",
        "password=p/w",
        "application_name=aikeys backup",
        "sslmode=require",
    ]


def test_what_differs():
    assert differing({"a": 1, "b": 2, "c": 0}, {"a": 1, "b": 1, "d": 5}) == [
        "b has 1 rows of 2",
        "c is missing (0 rows)",
    ]


def test_what_is_kept():
    """The newest seven, and the newest of each month for a year."""
    names = [f"wallet-2026{month:02}{day:02}T020000Z" for month in range(1, 12) for day in (1, 15, 28)]
    gone = surplus(names)
    kept = sorted(set(names) - set(gone))
    assert kept[-7:] == sorted(names)[-7:]
    assert [name for name in kept if name.startswith("wallet-202601")] == ["wallet-20260128T020000Z"]
    assert surplus(kept) == []


async def test_the_throw_away_database_is_gone_with_whoever_asked_for_it(pg_bin):
    """Its keeper waits for the end of a pipe, which comes however the bot ends."""
    scratch = await Scratch.open(Programs(pg_bin), 0)
    place = Path(scratch._where.partition("host=")[2].partition(" ")[0])
    assert await asyncio.to_thread(place.stat)
    await scratch.close()
    assert not await asyncio.to_thread(place.exists)


async def test_a_table_that_cannot_be_made_here_is_missing(dumping, project):
    """As with a column of an extension's type that the check's PostgreSQL has not got."""
    async with project.postgres.superuser() as connection:
        await connection.execute("""
            create function public.only_there(text) returns text language plpgsql immutable as $$begin
              if current_database() = 'wallet' then raise 'not here'; end if; return $1;
            end$$;
            create table public.odd (id int, said text generated always as (public.only_there('x')) stored);
            insert into public.odd (id) values (1);
        """)
    passing = Passing()
    await dumping.take(AT, passing)
    with pytest.raises(DumpFailed, match=r"public\.odd is missing \(1 rows\).*lack an extension"):
        await dumping.check(NAME, passing)


async def test_what_is_restored_may_do_nothing_beyond_its_database(dumping, project, tmp_path):
    """A function of the dump that an index calls: it would run a program on the bot's machine."""
    mark = tmp_path / "mark"
    async with project.postgres.superuser() as connection:
        await connection.execute(f"""
            create function public.evil(id int) returns int language plpgsql immutable as $$begin
              if current_database() = 'wallet' then copy (select 1) to program 'touch {mark}'; end if; return id;
            end$$;
            create table public.calls (id int);
            insert into public.calls values (1);
            create index on public.calls (public.evil(id));
        """)
    passing = Passing()
    await dumping.take(AT, passing)
    seen = await dumping.check(NAME, passing)
    assert seen.odd == 1  # the index; the row is there
    assert not await asyncio.to_thread(mark.exists)
