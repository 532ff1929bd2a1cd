"""`aikeys doctor`: each thing that can be wrong, wrong for real in the playground, and the line that says so."""

import asyncio
import os
import shutil
import ssl
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.doctor.examining import examine
from bot.doctor.line import Line, State, good, note, unknown, well, written, wrong
from bot.settings import read
from playground.clock import ManualClock
from playground.mailbox import Mailbox
from store.database import open_store
from tests.running import KEY, running
from tests.shell import Shell


@pytest.fixture
def environment(environment, repository, unused_tcp_port):
    more = {
        "AIKEYS_HTTP": f"127.0.0.1:{unused_tcp_port}",
        "AIKEYS_SOURCE": str(repository.path),
        "AIKEYS_LEAD": "U0BEN",
    }
    return environment | more


@pytest.fixture
def lines(environment):
    """What the doctor finds with these settings changed, by what was looked at."""

    async def look(clock=None, **changed: str) -> dict[str, Line]:
        settings = read({k: v for k, v in (environment | changed).items() if v})
        return {one.what: one for one in await examine(settings, clock or SystemClock())}

    return look


async def test_all_is_well(lines):
    found = await lines()
    assert {what: one.said for what, one in found.items() if one.state in (State.WRONG, State.UNKNOWN)} == {}
    assert found["SLACK_BOT_TOKEN"].said == "workspace AIKeys, bot @aikeys"
    assert found["AIKEYS_OPS_CHANNEL"].said == "#ops, and I am in it"
    assert found["AIKEYS_LEAD U0BEN"].state is State.WELL
    assert "branch" in found["AIKEYS_SOURCE"].said
    assert found["AIKEYS_SMTP_URL"].said == "the mail server lets me in"
    assert found["Lock"].said == "no bot runs on this database"
    assert found["Clock"].said.startswith("as that of Slack and Supabase")


# All that it may ask, the two POST among it: both read, and SQL goes where its user may not write.
PROJECT = "/v1/projects/{ref}"
READS = {
    ("functions", "GET", "/health"),
    ("management", "GET", PROJECT),
    *(
        ("management", "GET", f"{PROJECT}/{one}")
        for one in (
            "advisors/security", "analytics/endpoints/logs", "analytics/endpoints/usage.api-counts",
            "config/database/pooler", "config/database/postgres", "config/disk/util", "database/backups",
            "database/migrations", "functions", "readonly", "secrets",
        )
    ),
    ("management", "POST", f"{PROJECT}/database/query/read-only"),
    ("management", "POST", f"{PROJECT}/network-bans/retrieve"),
}  # fmt: skip
LOOKS = {"auth.test", "apps.connections.open", "conversations.info", "users.info", "usergroups.users.list"}


async def test_it_changes_nothing(lines, environment, town, repository, tmp_path):
    """With much of it set: each call is one that reads, by method and path, and a new one is thought about first."""
    copy = tmp_path / "copy"
    copy.write_bytes(b"whsec_of_somebody")
    copy.chmod(0o400)
    before = _files(repository.path)
    await lines(
        AIKEYS_VIEWERS="U0ZOE S0OPERS",
        AIKEYS_WEBHOOK_SECRET_PATH=str(copy),
        SUPABASE_TOKEN_DEPLOY=town.project.issue_token("edge_functions_write", "project_admin_read"),
    )
    asked = list(town.project.journal.entries)
    ref = environment["SUPABASE_PROJECT_REF"]
    assert {(one.server, one.method, one.path.partition("?")[0].replace(ref, "{ref}")) for one in asked} == READS, (
        "no other, and each of these is really asked: else the list would be longer than it must"
    )
    assert {one.request for one in asked if "/database/query" in one.path} == {'{"query":"select 1"}'}
    assert {one["name"] for one in town.slack.journal.entries() if one["kind"] == "call"} == LOOKS
    assert {one["kind"] for one in town.slack.journal.entries()} == {"call"}, "nor is a socket taken from the bot"
    assert not os.path.exists(environment["AIKEYS_DATA"])  # noqa: ASYNC240, PTH110  # a short look
    assert not town.mailbox.messages
    assert _files(repository.path) == before


def _files(folder: Path) -> dict[Path, int]:
    return {one: one.stat().st_mtime_ns for one in folder.rglob("*")}


WRONG_SETTINGS = [
    ("SLACK_BOT_TOKEN", {"SLACK_BOT_TOKEN": "xoxb-000000000000-wrong"}, "Slack does not know it"),
    ("SLACK_APP_TOKEN", {"SLACK_APP_TOKEN": "xapp-1-A0AIKEYS-000000-wrong"}, "Slack does not know it"),
    ("AIKEYS_OPS_CHANNEL", {"AIKEYS_OPS_CHANNEL": "C0NOWHERE"}, "no channel C0NOWHERE"),
    ("AIKEYS_OPERATORS U0NOBODY", {"AIKEYS_OPERATORS": "U0NOBODY"}, "nobody by that id"),
    ("AIKEYS_VIEWERS S0NOGROUP", {"AIKEYS_VIEWERS": "S0NOGROUP"}, "nobody by that id"),
    ("Roles", {"AIKEYS_OPERATORS": "U0ANA", "AIKEYS_APPROVERS": "U0ANA"}, "nobody approves their own"),
    ("SUPABASE_ACCESS_TOKEN", {"SUPABASE_ACCESS_TOKEN": "sbp_" + "0" * 40}, "401"),
    ("SUPABASE_TOKEN_DEPLOY", {"SUPABASE_TOKEN_DEPLOY": "sbp_" + "1" * 40}, "401"),
    ("AIKEYS_SOURCE", {"AIKEYS_SOURCE": "/nowhere/wallet"}, ""),
    ("AIKEYS_SMTP_URL", {"AIKEYS_SMTP_URL": "smtp://127.0.0.1:1"}, "did not let me begin"),
    ("AIKEYS_DATA", {"AIKEYS_DATA": "/dev/null/aikeys"}, "is not mine to write"),
    ("AIKEYS_HTTP", {"AIKEYS_HTTP": "192.0.2.1:8080"}, "nothing can listen"),
    ("AIKEYS_HTTP", {"AIKEYS_HTTP": "off", "AIKEYS_ALERTS_TOKEN": "0123456789abcdefghijklmn"}, "no alert comes in"),
]


@pytest.mark.parametrize(("what", "changed", "said"), WRONG_SETTINGS, ids=[one[2] or one[0] for one in WRONG_SETTINGS])
async def test_a_setting_that_is_wrong(lines, what, changed, said):
    found = await lines(**changed)
    assert found[what].state is State.WRONG
    assert said in found[what].said
    assert found[what].do
    assert not good(list(found.values()))
    printed = "\n".join(written(list(found.values())))
    assert not [value for value in changed.values() if value.startswith(("xox", "xapp", "sbp_")) and value in printed]


async def test_what_slack_can_have_wrong(lines, town):
    slack = town.slack
    slack.app.scopes -= {"chat:write", "files:write"}
    slack.state.channels["C0OPS"].is_archived = True
    slack.state.channels["C0INC"].members.remove("U0BOT")
    slack.state.users["U0BEN"].deleted = True
    slack.state.users["U0CY"].is_restricted = True
    slack.state.groups["S0EMPTY"] = ("empty", [])
    found = await lines(AIKEYS_VIEWERS="S0EMPTY S0OPERS")
    for what, state, said in (
        ("Scope chat:write", State.WRONG, "needed to"),
        ("Scope files:write", State.NOTE, "long texts are cut"),
        ("AIKEYS_OPS_CHANNEL", State.WRONG, "is archived"),
        ("AIKEYS_INCIDENT_CHANNEL", State.WRONG, "I am not in #incidents"),
        ("AIKEYS_LEAD U0BEN", State.WRONG, "has left the workspace"),
        ("AIKEYS_APPROVERS U0CY", State.WRONG, "is a guest"),
        ("AIKEYS_VIEWERS S0EMPTY", State.WRONG, "nobody in it"),
        ("AIKEYS_VIEWERS S0OPERS", State.WELL, "a user group of 1"),
    ):
        assert (found[what].state, said in found[what].said) == (state, True), what
    assert "/invite @aikeys" in found["AIKEYS_INCIDENT_CHANNEL"].do


async def test_what_is_away_is_not_known(lines, town):
    await town.slack.faults.set("slack_5xx", True)
    await town.slack.faults.set("management_down", True)
    found = await lines()
    assert found["SLACK_BOT_TOKEN"].state is State.UNKNOWN
    assert found["Supabase"].state is State.UNKNOWN
    assert found["Clock"].said == "as that of Supabase, to 1 s", "a refusal has a date as well"
    assert not good(list(found.values()))


async def test_permissions_that_are_missing(lines, project):
    token = project.issue_token("project_admin_read", "edge_functions_read", "database_read", "analytics_logs_read")
    found = await lines(SUPABASE_ACCESS_TOKEN=token, SUPABASE_TOKEN_DEPLOY=project.issue_token("edge_functions_write"))
    assert found["Permission edge_functions_secrets_read"].state is State.WRONG
    assert found["Permission database_migrations_read"].state is State.WRONG
    assert "Permission database_read" not in found
    assert "backups_read" in found["Permissions"].said
    assert found["SUPABASE_TOKEN_DEPLOY"].state is State.WELL


async def test_a_mail_server_that_does_not_take_the_password(lines):
    pem = Path(__file__).parents[1] / "clients/self_signed.pem"
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    box = Mailbox(user=("aikeys", "right"))
    await box.start()
    try:
        where = box.smtp_url.removeprefix("smtp://")
        found = await lines(AIKEYS_SMTP_URL=f"smtp://aikeys:wrong-password@{where}")
        assert found["AIKEYS_SMTP_URL"].state is State.WRONG
        assert "wrong-password" not in str(found)
        assert (await lines(AIKEYS_SMTP_URL=f"smtp://aikeys:right@{where}"))["AIKEYS_SMTP_URL"].state is State.WELL
        assert not box.messages
    finally:
        await box.stop()


async def test_a_clock_that_is_wrong(lines):
    clock = ManualClock(SystemClock().now())
    await clock.jumps(seconds=90)
    found = await lines(clock)
    assert found["Clock"].state is State.WRONG
    assert "ahead of that of Slack and Supabase" in found["Clock"].said


@pytest.fixture
def folder(environment) -> Path:
    return Path(environment["AIKEYS_DATA"])


async def test_the_folder_and_what_is_in_it(lines, folder):
    store = open_store(folder / "aikeys.sqlite", audit_key=KEY)
    with_key = {"AIKEYS_AUDIT_KEY": KEY.decode()}
    found = await lines(**with_key)
    assert "a bot runs on this database (process" in found["Lock"].said
    assert found["Timeline"].state is State.WELL
    store.close()
    folder.chmod(0o755)  # a short one
    found = await lines(AIKEYS_AUDIT_KEY="another-key-of-32-characters-0123")
    assert (found["AIKEYS_DATA"].state, found["AIKEYS_DATA"].do) == (State.WRONG, f"chmod 700 {folder}")
    assert found["Lock"].said == "no bot runs on this database"
    assert found["Timeline"].state is State.WRONG
    (folder / "aikeys.sqlite").write_bytes(b"not a database" * 100)  # a short one
    assert (await lines(**with_key))["Timeline"].state is State.WRONG
    shutil.rmtree(folder)
    folder.write_text("")  # a short one
    assert "no folder" in (await lines())["AIKEYS_DATA"].said


async def test_the_port_of_a_bot_that_runs_and_of_something_else(lines, environment, town, clock):
    settings = read(environment)
    async with running(settings, clock):
        assert "a bot answers there" in (await lines())["AIKEYS_HTTP"].said
    other = await _listener(int(environment["AIKEYS_HTTP"].rpartition(":")[2]))
    try:
        assert "something else listens" in (await lines())["AIKEYS_HTTP"].said
    finally:
        other.close()
        await other.wait_closed()


async def _listener(port: int):
    return await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)


async def test_from_a_shell(environment, town):
    """Exit code, and no secret in what is printed."""
    shell = Shell()
    kept = {"HOME": os.environ.get("HOME", "/")}
    ended = await shell("doctor", environ=environment | kept)
    assert (ended.code, ended.err) == (0, "")
    assert " well, 0 wrong, 0 not known, " in ended.out
    ended = await shell("doctor", environ=environment | kept | {"AIKEYS_OPS_CHANNEL": "C0NOWHERE"})
    assert ended.code == 1
    assert "WRONG  AIKEYS_OPS_CHANNEL" in ended.out
    assert " well, 1 wrong, 0 not known, " in ended.out
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SUPABASE_ACCESS_TOKEN"):
        assert environment[name] not in ended.out + ended.err
    ended = await shell("doctor", environ={"SLACK_BOT_TOKEN": "x"})
    assert ended.code == 2
    assert "SLACK_BOT_TOKEN: it must start with xoxb-" in ended.err


def test_what_is_printed():
    said = list(written([well("A", "good"), wrong("Long", "b\x1b[2Jad", "do it"), unknown("C", "?"), note("D", "d")]))
    assert said == [
        "ok     A     good",
        "WRONG  Long  b�[2Jad",
        "             → do it",
        "?      C     ?",
        "             → Ask again when it answers.",
        "note   D     d",
        "1 well, 1 wrong, 1 not known, 1 to know",
    ]
