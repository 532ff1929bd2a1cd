"""The logs through the client: rows, each way in which there are none, and who may ask when."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clients.errors import Gone, LogsFailed, MustPay, TooMany, WrongShape
from bot.clients.supabase import LogQuota, Urgency
from bot.logbook.clickhouse import attribute, containing, literal, moment, number, read_moment
from playground.clock import ManualClock
from tests.wait import eventually

PATH = "/analytics/endpoints/logs"
ONE = "select id from logs where source = 'edge_logs' limit 1"


@pytest.fixture
def rows(supabase, clock):
    async def ask(sql, hours=1.0, **how):
        now = clock.now()
        return await supabase.log_rows(sql, now - timedelta(hours=hours), now, **how)

    return ask


async def test_rows_up_to_this_second(rows, project):
    """Supabase rounds to the minute: the last half of one would be cut off."""
    project.state.say("health", "info", "just now")
    (row,) = await rows(
        "select timestamp, event_message as text from logs where source='function_logs' and text = 'just now'"
    )
    assert abs(read_moment(row["timestamp"]) - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "'plain'"),
        ("it's", "'it''s'"),
        ("\\", r"'\\'"),
        ("\\'", r"'\\'''"),
        ("'; drop table logs; --", "'''; drop table logs; --'"),
        ("100%_", "'100%_'"),
        ("naïve 日本 😀", "'naïve 日本 😀'"),
        ("a\x00b", "'ab'"),
        ("a\nb\tc\r", r"'a\nb\tc\r'"),
        ("\ud800x", "'x'"),
        ("/* x */ -- y", "'/* x */ -- y'"),
        ("", "''"),
    ],
)
def test_a_literal(text, written):
    assert literal(text) == written


@pytest.mark.parametrize(
    ("text", "written"), [("a%b", r"'%a\\%b%'"), ("a_b", r"'%a\\_b%'"), ("a\\b", r"'%a\\\\b%'"), ("'", "'%''%'")]
)
def test_a_pattern(text, written):
    assert containing(text) == written


@given(st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30))
def test_any_text_is_read_back_as_it_is(text):
    import sqlglot

    assert sqlglot.parse_one(f"select {literal(text)}", read="clickhouse").expressions[0].this == text


async def test_what_was_said_is_found_and_nothing_else(rows, project):
    for text in ("it's 100% \\ sure_", "itXs 100X \\ sureX", "'; drop"):
        project.state.say("health", "info", text)
        found = await rows(
            f"""select event_message from logs where source = 'function_logs'
                and event_message ilike {containing(text.upper())}"""
        )
        assert found == [{"event_message": text}]


def test_moments_and_attributes():
    at = datetime(2026, 11, 25, 12, 0, 0, 5, tzinfo=UTC)
    assert moment(at) == "toDateTime64('2026-11-25 12:00:00.000005', 6, 'UTC')"
    assert read_moment("2026-11-25T12:00:00.000005") == read_moment("2026-11-25T13:00:00.000005+01:00") == at
    assert attribute("response.status_code") == "log_attributes['response.status_code']"


@pytest.mark.parametrize(("value", "read"), [(3, 3), ("12", 12), (None, 0), (1.5, 1.5), ("", 0)])
def test_a_number_may_come_as_text(value, read):
    assert number(value) == read


@pytest.mark.parametrize("value", ["nan", "x", "inf"])
def test_what_is_no_number(value):
    with pytest.raises(ValueError, match=r"finite|convert"):
        number(value)


@pytest.mark.parametrize(
    ("answer", "failure", "said"),
    [
        ({"body": {"result": None, "error": "Backend error! Retry your query."}}, LogsFailed, "Backend error!"),
        ({"body": {"result": [], "error": {"code": 400, "message": "no such thing"}}}, LogsFailed, "no such thing"),
        ({"body": {"error": ""}}, LogsFailed, "did not carry out"),
        ({"body": {"result": None}}, WrongShape, "result"),
        ({"body": {"result": [1]}}, WrongShape, "result"),
        ({"status": 402, "body": {"message": "usage limit reached"}}, MustPay, "allowance is used up (402)"),
        ({"status": 410}, Gone, "removed the logs endpoint"),
        ({"status": 429, "headers": {"Retry-After": "7"}}, TooMany, "30 questions about the logs a minute"),
    ],
)
async def test_what_it_may_answer_instead(rows, project, answer, failure, said):
    async with project.answers("GET", PATH, **answer):
        with pytest.raises(failure) as caught:
            await rows(ONE)
    assert said in caught.value.what
    assert caught.value.do


async def test_sql_that_is_wrong_is_an_error_and_not_an_empty_answer(rows):
    with pytest.raises(LogsFailed, match="UNKNOWN_IDENTIFIER"):
        await rows("select nothing from logs")


async def test_more_than_a_day_at_once_is_a_mistake_of_the_caller(rows):
    with pytest.raises(ValueError, match="24 hours"):
        await rows(ONE, hours=24.5)


async def test_after_a_429_nobody_asks_before_its_time(rows, project, supabase):
    async with project.answers("GET", PATH, status=429, headers={"Retry-After": "40"}) as rule:
        for _ in range(2):
            with pytest.raises(TooMany):
                await rows(ONE)
        assert rule.hits == 1


async def test_the_limit_is_learned_from_the_answer(rows, supabase, project):
    project.limits.ceilings["v1-get-project-logs"] = 10
    await rows(ONE)
    assert supabase.log_quota.limit == 10
    project.limits.ceilings.clear()


class TestQuota:
    @pytest.fixture
    def clock(self):
        return ManualClock()

    @pytest.fixture
    def quota(self, clock):
        return LogQuota(clock)

    async def test_the_watch_goes_first(self, quota):
        """Followers leave half, people a fifth, the watch nothing."""
        taken = dict.fromkeys(Urgency, 0)
        for urgency in (Urgency.FOLLOWER, Urgency.PERSON, Urgency.WATCH):
            while quota.wait(urgency) == 0:
                await quota.turn(urgency)
                taken[urgency] += 1
        assert taken == {Urgency.FOLLOWER: 15, Urgency.PERSON: 9, Urgency.WATCH: 6}

    async def test_a_turn_comes_when_a_minute_has_passed(self, quota, clock):
        quota.limit = 1
        await quota.turn(Urgency.WATCH)
        await clock.passes(seconds=52)
        waiting = asyncio.create_task(quota.turn(Urgency.PERSON))
        await clock.passes(seconds=7)
        assert not waiting.done()
        await clock.passes(seconds=1)
        await eventually(waiting.done)
        assert await waiting == 0

    async def test_who_would_wait_too_long_is_told_how_long(self, quota):
        quota.limit = 1
        await quota.turn(Urgency.WATCH)
        assert await quota.turn(Urgency.PERSON) == 60
        assert await quota.turn(Urgency.FOLLOWER) == 60
