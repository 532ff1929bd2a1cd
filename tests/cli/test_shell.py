"""The command line from a shell: what is printed, and the exit codes."""

import json
import os
import re
import signal

import pytest

from bot.version import version
from store.database import open_store


async def test_settings_are_printed_without_secrets(shell, needed):
    """Each with its value or “set, hidden”, and what the others would unlock."""
    ended = await shell("settings", environ=needed | {"AIKEYS_SOURCE": "https://bot:hunter2@git.example/x"})
    assert ended.code == 0
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SUPABASE_ACCESS_TOKEN"):
        assert needed[name] not in ended.out + ended.err
    assert re.search(r"^SLACK_BOT_TOKEN +\(set, hidden\)$", ended.out, re.MULTILINE)
    assert "https://(hidden)@git.example/x" in ended.out
    assert "AIKEYS_OPERATORS would unlock" in ended.out
    assert "No roles are set: members may look" in ended.out


@pytest.mark.parametrize("command", ["settings", "run"])
async def test_wrong_settings_end_with_2(shell, needed, command):
    """All problems, each with an example, and the typo."""
    ended = await shell(command, environ={"SLACK_BOT_TOKEN": needed["SLACK_APP_TOKEN"], "AIKEYS_OPERATER": "U1"})
    assert ended.code == 2
    assert "SLACK_BOT_TOKEN: it must start with xoxb-; this one looks like an app-level token." in ended.err
    assert "SUPABASE_PROJECT_REF: it is missing." in ended.err
    assert "Example: SUPABASE_PROJECT_REF=abcdefghijklmnopqrst" in ended.err
    assert "AIKEYS_OPERATER: did you mean AIKEYS_OPERATORS?" in ended.err
    assert needed["SLACK_APP_TOKEN"] not in ended.err
    assert "Traceback" not in ended.err


async def test_docs_are_fresh(shell):
    """What README and manifest say of the declarations is what they say."""
    ended = await shell("docs", "--check")
    assert (ended.code, ended.err) == (0, "")


async def test_the_manifest_is_printed(shell):
    """Byte for byte, to paste it."""
    ended = await shell("manifest")
    assert ended.code == 0
    with open("manifest.yml") as file:  # noqa: ASYNC230, PTH123  # a short local file
        assert ended.out == file.read()


async def test_the_version_is_printed(shell):
    """What runs after an upgrade, and what a report of a fault names."""
    ended = await shell("--version")
    assert ended.code == 0
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", ended.out)


async def test_help_names_the_exit_codes(shell):
    """Whoever writes the unit file reads them there."""
    assert "Exit codes: 0 good" in " ".join((await shell("--help")).out.split())
    assert (await shell("run", "--log", "loud")).code == 2


async def test_the_bot_names_its_target_and_stops_in_order(shell, town, environment):
    """Workspace, bot user, project and region in one line; SIGTERM ends it with 0."""
    process = await shell.start("run", environ=environment)
    line = (await process.stdout.readline()).decode()
    assert f"version {version()} · workspace AIKeys (T0AIKEYS)" in line
    assert "bot @aikeys (U0BOT)" in line
    assert f"project {town.project.ref} " in line
    assert f"region {town.project.region}" in line
    process.send_signal(signal.SIGTERM)
    out, err = await process.communicate()
    assert process.returncode == 0
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SUPABASE_ACCESS_TOKEN"):
        assert environment[name].encode() not in out + err
    assert b"Unclosed" not in err
    started = next(each for each in map(json.loads, err.splitlines()) if each["event"] == "bot.started")
    assert (started["version"], started["project"]) == (version(), town.project.ref)
    await town.slack.until(lambda: not town.slack.sockets.open)


async def test_a_refused_token_ends_with_2_and_all_are_named(shell, environment):
    """Three tokens, three sentences, one start."""
    wrong = {
        "SLACK_BOT_TOKEN": "xoxb-000000000000-wrong",
        "SLACK_APP_TOKEN": "xapp-1-A0AIKEYS-000000-wrong",
        "SUPABASE_ACCESS_TOKEN": "sbp_" + "0" * 40,
    }
    ended = await shell("run", environ=environment | wrong)
    assert ended.code == 2
    for name, value in wrong.items():
        assert f"{name}: " in ended.err
        assert value not in ended.err
    assert "Traceback" not in ended.err


async def test_a_database_in_use_ends_with_3(shell, settings, environment):
    """Two bots on one file would answer twice: the second is refused."""
    settings.data.mkdir()
    store = open_store(settings.data / "aikeys.sqlite", audit_key=b"a key of thirty-two bytes or more")
    try:
        ended = await shell("run", environ=environment)
    finally:
        store.close()
    assert ended.code == 3
    assert str(os.getpid()) in ended.err
    assert "Traceback" not in ended.err


async def test_a_taken_port_ends_with_4(shell, town, environment):
    """The bot does not run half: somebody relies on its health page."""
    port = town.slack.url.rpartition(":")[2]
    ended = await shell("run", environ=environment | {"AIKEYS_HTTP": f"127.0.0.1:{port}"})
    assert ended.code == 4
    assert "AIKEYS_HTTP" in ended.err
    assert "Traceback" not in ended.err


async def test_contacts_are_printed_with_slack_down_too(shell, needed):
    """No token is tried, nobody is asked."""
    ended = await shell("contacts", environ=needed | {"AIKEYS_LEAD_PHONE": "+34 600 123 456"})
    assert ended.code == 0
    assert "Technical lead, at once for a P0, after two hours for a P1: +34 600 123 456" in ended.out
    assert "support@supabase.io" in ended.out
