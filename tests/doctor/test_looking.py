"""Each thing that the doctor looks at by itself: the sentence where it is wrong, and what to do about it."""

import asyncio
import os
import ssl
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from bot.clock import SystemClock
from bot.doctor import keeping, outside, slack
from bot.doctor.calling import called
from bot.doctor.examining import examine
from bot.doctor.line import Line, State
from bot.doctor.reaching import reached
from bot.settings import read
from store import copies
from store.database import open_store
from tests.running import KEY

ALL = {
    "SLACK_BOT_TOKEN": "xoxb-000000000000-any",
    "SLACK_APP_TOKEN": "xapp-1-A0AIKEYS-000000-any",
    "SUPABASE_ACCESS_TOKEN": "sbp_fc" + "0" * 38,
    "SUPABASE_PROJECT_REF": "abcdefghijklmnopqrst",
    "AIKEYS_OPS_CHANNEL": "C0OPS",
    "AIKEYS_OPERATORS": "U0ANA",
    "AIKEYS_APPROVERS": "U0BEN",
}
CLOCK = SystemClock()


def told(**changed: str):
    """The settings, with these changed; empty takes one away."""
    return read({name: value for name, value in (ALL | changed).items() if value})


def by_name(lines: list[Line]) -> dict[str, Line]:
    return {one.what: one for one in lines}


@pytest.mark.parametrize(
    ("changed", "state", "said"),
    [
        ({}, None, ""),
        ({"AIKEYS_APPROVERS": ""}, State.WRONG, "nobody may approve"),
        ({"AIKEYS_APPROVERS": "", "AIKEYS_ALONE": "true"}, None, ""),
        ({"AIKEYS_OPERATORS": ""}, State.WRONG, "nobody may ask"),
        ({"AIKEYS_OPERATORS": "", "AIKEYS_APPROVERS": ""}, State.NOTE, "nobody may change anything"),
        ({"AIKEYS_APPROVERS": "U0ANA"}, State.WRONG, "nobody approves their own"),
    ],
)
def test_roles(changed, state, said):
    found = slack._roles(told(**changed))
    assert [one.state for one in found] == ([state] if state else [])
    assert all(said in one.said and one.do for one in found)


def test_channels_that_are_not_there():
    (line,) = slack._nowhere(told(AIKEYS_OPS_CHANNEL=""))
    assert (line.state, line.said) == (State.WRONG, "none is set: alarms are told nowhere")
    assert "AIKEYS_INCIDENT_CHANNEL" in line.do
    assert slack._nowhere(told()) == []


def test_who_is_on_call_is_looked_at():
    assert ("AIKEYS_ON_CALL", "S0CALL") in slack._members(told(AIKEYS_ON_CALL="S0CALL"))


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({}, ["A P0", "AIKEYS_ON_CALL", "AIKEYS_LEAD", "AIKEYS_LEAD_PHONE"]),
        ({"AIKEYS_CALL_HERE": "true"}, ["AIKEYS_LEAD", "AIKEYS_LEAD_PHONE"]),
        ({"AIKEYS_LEAD": "U0CY"}, ["AIKEYS_ON_CALL", "AIKEYS_LEAD_PHONE"]),
        ({"AIKEYS_SMTP_URL": "smtps://mail"}, ["AIKEYS_ON_CALL", "AIKEYS_LEAD", "AIKEYS_LEAD_PHONE"]),
        ({"AIKEYS_ON_CALL": "S0CALL", "AIKEYS_LEAD": "U0CY", "AIKEYS_LEAD_PHONE": "+34 600 123 456"}, []),
    ],
)
def test_whom_a_p0_would_not_call(changed, missing):
    found = called(told(**changed))
    assert [one.what for one in found] == missing
    assert all(one.state is State.NOTE and one.do for one in found)


@pytest.mark.parametrize(
    ("changed", "what", "state", "said"),
    [
        ({}, "SUPABASE_ACCESS_TOKEN kind", State.WELL, "after a year at most"),
        ({}, "SUPABASE_TOKEN_…", State.NOTE, "one token looks and changes"),
        ({"SUPABASE_ACCESS_TOKEN": "sbp_" + "a" * 40}, "SUPABASE_ACCESS_TOKEN kind", State.NOTE, "a classic personal"),
        (
            {"SUPABASE_TOKEN_DEPLOY": "sbp_fc" + "0" * 38},
            "SUPABASE_TOKEN_DEPLOY kind",
            State.NOTE,
            "the same as the general one",
        ),
    ],
)
def test_tokens_by_their_shape(changed, what, state, said):
    line = by_name(outside._kinds(told(**changed), CLOCK))[what]
    assert line.state is state
    assert said in line.said
    assert state is State.WELL or line.do


async def test_the_wallets_address():
    (other,) = await outside.wallet(told(AIKEYS_FUNCTIONS_URL="https://zyxwvutsrqponmlkjihg.supabase.co"), CLOCK)
    assert other.state is State.WRONG
    assert "another project than abcdefghijklmnopqrst" in other.said
    (gone,) = await outside.wallet(told(AIKEYS_FUNCTIONS_URL="http://127.0.0.1:1"), CLOCK)
    assert gone.state is State.WRONG
    assert gone.do


async def test_a_place_on_the_network():
    gone = await reached("Socket", "wss://127.0.0.1:1/link?ticket=secret", "Slack")
    assert gone.state is State.WRONG
    assert "127.0.0.1:1 takes no connection" in gone.said
    assert "secret" not in str(gone)
    assert "firewall" in gone.do
    assert (await reached("Socket", "ftp://x", "Slack")).state is State.WRONG
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(Path(__file__).parents[1] / "clients/self_signed.pem")
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    unproved = await reached("AIKEYS_HEARTBEAT_URL", f"https://127.0.0.1:{port}/0c1e", "who waits for the beat")
    server.close()
    await server.wait_closed()
    assert unproved.state is State.WRONG
    assert "cannot prove who it is" in unproved.said


def test_files_that_everybody_may_read(tmp_path):
    path = tmp_path / "token"
    path.write_text("secret")
    path.chmod(0o644)
    (line,) = keeping.files({"SLACK_BOT_TOKEN_FILE": path})
    assert (line.what, line.state, line.do) == ("SLACK_BOT_TOKEN_FILE", State.WRONG, f"chmod o= {path}")
    path.chmod(0o440)
    assert [one.state for one in keeping.files({"SLACK_BOT_TOKEN_FILE": path})] == [State.WELL]
    assert keeping.files({}) == []


def test_copies(tmp_path):
    (unset,) = keeping.copied(told(), CLOCK)
    assert (unset.state, unset.do) == (State.NOTE, "docs/backups.md")
    (nowhere,) = keeping.copied(told(AIKEYS_COPIES="/dev/null/copies"), CLOCK)
    assert (nowhere.state, nowhere.said) == (State.WRONG, "/dev/null/copies is not mine to write")
    path = tmp_path / "data" / "aikeys.sqlite"
    open_store(path, audit_key=KEY).close()
    named = {"AIKEYS_COPIES": str(tmp_path / "copies"), "AIKEYS_DATA": "/proc"}  # another disk
    (empty,) = keeping.copied(told(**named), CLOCK)
    assert "empty" in empty.said
    copies.make(path, tmp_path / "copies", CLOCK.now() - timedelta(hours=3))
    (late,) = keeping.copied(told(**named), CLOCK)
    assert late.state is State.NOTE
    assert "3 h" in late.said
    assert "copy.failed" in late.do
    (same,) = keeping.copied(told(**named | {"AIKEYS_DATA": str(tmp_path / "data")}), CLOCK)
    assert "on the same disk" in same.said


async def test_dumps(tmp_path):
    (unset,) = await keeping.dumps(told(), None)
    assert unset.state is State.NOTE
    right = pyrage.x25519.Identity.generate().to_public()
    url = "postgresql://reader:secret@db.abcdefghijklmnopqrst.supabase.co:5432/postgres"
    (half,) = await keeping.dumps(told(AIKEYS_DUMP_URL=url, AIKEYS_DUMP_KEY=str(right)), None)
    assert half.state is State.WRONG
    assert half.said.startswith("AIKEYS_DUMPS, AIKEYS_PG_BIN are not set")
    fake = tmp_path / "bin"
    fake.mkdir()
    for name in ("pg_dump", "pg_dumpall", "pg_restore", "psql", "initdb", "postgres"):
        (fake / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.4'\n")
        (fake / name).chmod(0o755)
    last = str(right)[-1]
    mistyped = str(right)[:-1] + ("q" if last != "q" else "p")
    whole = {"AIKEYS_DUMP_URL": url, "AIKEYS_DUMP_KEY": mistyped, "AIKEYS_DUMPS": str(tmp_path / "dumps")}
    found = by_name(await keeping.dumps(told(**whole, AIKEYS_PG_BIN=str(fake)), 17))
    assert "checksum does not fit" in found["AIKEYS_DUMP_KEY"].said
    assert found["AIKEYS_PG_BIN"].said == "PostgreSQL 15, older than the wallet's database (17)"
    assert "Install PostgreSQL 17" in found["AIKEYS_PG_BIN"].do
    whole["AIKEYS_DUMP_KEY"] = str(right)
    found = by_name(await keeping.dumps(told(**whole, AIKEYS_PG_BIN=str(tmp_path)), None))
    assert found["AIKEYS_DUMP_KEY"].said.startswith("one key")
    assert found["AIKEYS_PG_BIN"].state is State.WRONG
    assert "Install PostgreSQL" in found["AIKEYS_PG_BIN"].do
    assert found["AIKEYS_DUMPS"].state is State.WELL


async def test_the_copy_of_the_signing_secret(environment, project, tmp_path):
    path = tmp_path / "circle"
    settings = read(environment | {"AIKEYS_WEBHOOK_SECRET_PATH": str(path)})
    (missing,) = await outside.webhook_copy(settings, CLOCK)
    assert missing.state is State.WRONG
    path.write_text("an old one")
    (old,) = await outside.webhook_copy(settings, CLOCK)
    assert old.said == "My copy of the signing secret is old: the live one was changed after it"
    path.write_text(project.secrets["CIRCLE_WEBHOOK_SECRET"])
    (well,) = await outside.webhook_copy(settings, CLOCK)
    assert well.state is State.WELL


def test_thresholds(tmp_path):
    assert keeping.thresholds(told()).said == "built in"
    path = tmp_path / "thresholds.toml"
    path.write_text("")
    assert "no mistake" in keeping.thresholds(told(AIKEYS_THRESHOLDS=str(path))).said


def test_root():
    assert [one.state for one in keeping.user()] == ([State.NOTE] if os.geteuid() == 0 else [])


async def test_a_variable_that_no_setting_reads_and_whom_nobody_calls():
    """Slack and Supabase are not there: the rest is told all the same."""
    away = {"SLACK_API_URL": "http://127.0.0.1:1/", "SUPABASE_API_URL": "http://127.0.0.1:1"}
    away |= {"AIKEYS_FUNCTIONS_URL": "http://127.0.0.1:1", "AIKEYS_HTTP": "off"}
    lines = await examine(told(**away), CLOCK, unread=["AIKEYS_OPERATERS: did you mean AIKEYS_OPERATORS?"])
    assert lines[0].what == "AIKEYS_OPERATERS"
    assert lines[0].state is State.WRONG
    assert "did you mean AIKEYS_OPERATORS?" in lines[0].said
    found = by_name(lines)
    assert "it calls NOBODY" in found["A P0"].said
    assert "AIKEYS_SMTP_URL" in found["AIKEYS_SMTP_URL"].do + found["A P0"].do
    assert found["AIKEYS_HEARTBEAT_URL"].do == "docs/production.md, section 6."
