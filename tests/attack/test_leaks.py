"""What must not get out, and what must not stop the bot: log lines, “How I know”, channels with strangers in them."""

import asyncio
import os
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clients.errors import Source
from bot.clients.supabase import Urgency
from bot.diagnosis.words import quoted
from bot.hide import hide
from bot.logbook.question import LINE, Question
from bot.logbook.reading import clean, fresh
from bot.logbook.sources import SOURCES
from bot.logbook.span import Span
from bot.redaction import redact
from bot.webhooks import copy
from tests.chat import verdict, words
from tests.deploys import has_button

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PROBE = re.compile(r"aikeys-probe/[0-9a-f]{8}")


class _Rows:
    """A log that somebody has filled."""

    source = Source("Supabase", "api.supabase.com")

    async def log_rows(self, sql, start, end, *, urgency=Urgency.PERSON):
        del sql, end, urgency
        at = start.strftime("%Y-%m-%dT%H:%M:%S")
        return [{"id": str(n), "timestamp": at, "level": "info", "message": "x"} for n in range(1000)]


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("GET /rest/v1/users?email=eq.ana.b%40example.com&x=1 200", "ana.b"),
        ("GET /x?next=%2Fy%3Fmail%3Dana%2540example.com", "example.com"),
        (r'{"msg":"ana\u0040example.com"}', "ana"),
        ("body=%7B%22password%22%3A%22hunter2hunter2%22%7D", "hunter2"),
        ("next=%2Fcallback%3Ftoken%3Dabcdef123456", "abcdef"),
        (r'{"a":"{\\\"b\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"abcdef123456\\\\\\\"}\\\"}"}', "abcdef"),
        ("user agent aikeys-probe/0123456789abcdef01234567", "0123456789abcdef"),
    ],
)
def test_it_is_hidden_however_it_is_written(line, gone):
    assert gone not in redact([line])[0]


@pytest.mark.parametrize("kept", range(20, 48, 9))
def test_half_a_key_is_no_key_that_may_be_shown(kept):
    """Cut first and cleaned then, 47 digits of a key of 64 stood there."""
    key, limit = "4f" * 32, 120
    text = f"{'x' * (limit - kept - 2)} {key}"
    assert "4f4f" not in quoted([text], limit)[0]


@pytest.mark.parametrize("before", ["x " * ((LINE - 40) // 2), "x" * (LINE - 41) + "="])
def test_what_supabase_has_cut_off_is_not_shown(before):
    """A message ends after 2,000 characters, in the middle of whatever stands there."""
    row = {
        "id": "1",
        "timestamp": "2026-11-25T10:00:00",
        "message": (before + "4f" * 32)[:LINE],
    }
    question = Question(SOURCES["api"], Span(NOW - timedelta(hours=1), NOW), ZoneInfo("UTC"))
    text = clean(_Rows(), question, [row], {})[0].text
    assert "4f4f" not in text
    assert text.endswith("…")


def test_the_path_beside_an_encoded_address_stays():
    line = redact(["GET /rest/v1/users?email=eq.ana%40example.com&x=1 200"])[0]
    assert line == "GET /rest/v1/users?email=[e-mail]&x=1 200"


def test_a_token_is_hidden_and_what_only_begins_like_one_is_not():
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    assert hide(f"a {token} b") == "a [hidden] b"
    assert hide(f"eyJeyJ{token}") == "[hidden]"
    assert hide("eyJhbGciOiJIUzI1NiJ9 alone") == "eyJhbGciOiJIUzI1NiJ9 alone"


def test_a_line_made_to_be_slow_is_not():
    """Read anew from every third character, this line took 3 ms, and a page of 5,000 stopped the bot for 16 seconds."""
    slow, usual = ["eyJ" * 20_000], ["abc" * 20_000]
    began = time.perf_counter()
    hide(usual[0])
    plain = time.perf_counter() - began
    began = time.perf_counter()
    hide(slow[0])
    assert time.perf_counter() - began < max(0.2, 50 * plain)


async def test_a_full_page_lets_others_have_their_turn():
    """An ack has three seconds. Cleaning a page goes bit by bit."""
    turns = 0

    async def other():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    question = Question(SOURCES["api"], Span(NOW - timedelta(hours=1), NOW), ZoneInfo("UTC"))
    task = asyncio.create_task(other())
    assert len(await fresh(_Rows(), question, set(), {})) == 1000
    task.cancel()
    assert turns >= 15


@pytest.mark.parametrize("kind", ["pipe", "zeros", "folder"])
async def test_what_stands_in_place_of_the_secrets_file_holds_nothing_up(tmp_path, kind):
    """A pipe that nobody writes to would keep one of the few threads for good, at each use another."""
    path = {"pipe": tmp_path / "pipe", "zeros": Path("/dev/zero"), "folder": tmp_path}[kind]
    if kind == "pipe":
        os.mkfifo(path)
    with pytest.raises((ValueError, OSError)):
        await asyncio.wait_for(asyncio.to_thread(copy._read, path), 5)


async def test_how_i_know_does_not_tell_what_marks_our_own_probes(chat):
    """With it anybody could stay out of the counts of forged events for an hour, or for good by asking each hour."""
    await chat.says("zoe", "/aikeys health")
    await chat.until(verdict)
    await chat.clicks("zoe", "How I know")
    told = words(await chat.until("For this answer I asked", "zoe"))
    assert "aikeys-probe/[hidden]" in told
    assert not PROBE.search(told)


class TestSourceCode:
    @pytest.fixture
    def environment(self, environment, repository):
        return environment | {"AIKEYS_SOURCE": str(repository.path)}

    async def test_the_code_is_not_put_where_another_company_reads(self, chat):
        """#partners is shared by Slack Connect: card, diff and file go to the ops channel."""
        await chat.says("ana", "/aikeys deploy health", channel="#partners")

        told = words(await chat.until("Asked:", channel="#partners"))

        assert "this one is shared with another workspace" in told
        assert "Deploy health" in words(await chat.until(has_button("Approve")))
        assert not [one for one in chat.sees("ben", "#partners") if one.get("bot_id")]
