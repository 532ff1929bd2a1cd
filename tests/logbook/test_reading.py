"""Pages through the real client: more rows than one answer takes, more days than one question may be about."""

import asyncio
import tracemalloc
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clients.errors import LogsFailed, Source, WrongShape
from bot.clients.supabase import Urgency
from bot.logbook.question import LINE, Question
from bot.logbook.reading import extended, fresh, read
from bot.logbook.sources import SOURCES
from bot.logbook.span import Span

PATH = "/analytics/endpoints/logs"


@pytest.fixture
def asked(clock):
    def ask(word, hours=1.0, **more):
        now = clock.now()
        return Question(SOURCES[word], Span(now - timedelta(hours=hours), now), ZoneInfo("UTC"), **more)

    return ask


def nobody():
    names: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
    names.set_result({})
    return names


async def test_every_row_once_over_pages_and_days(supabase, asked, project):
    """1,000 rows an answer, 24 hours a question: both seams lose and repeat nothing."""
    at = project.clock.now() - timedelta(minutes=5)
    for n in range(1100):  # all of one microsecond, so that the id alone tells them apart
        project.state.logs.write("postgres_logs", "LOG", f"same moment {n}", {}, at=at)
    page = await read(supabase, asked("db", 50, limit=5000), nobody())
    assert page.counts is not None
    assert len({line.id for line in page.lines}) == len(page.lines) == page.counts.all > 2000
    assert [line.at for line in page.lines] == sorted(line.at for line in page.lines)
    assert sum("same moment" in line.text for line in page.lines) == 1100
    calls = [call for call in project.journal.entries if PATH in call.path]
    assert len(calls) == 3 + 4  # three pieces counted; the lines of three pieces, one of them on two pages


async def test_no_more_is_asked_than_is_wanted(supabase, asked, project):
    page = await read(supabase, asked("edge", 160, limit=20), nobody())
    assert len(page.lines) == 20
    assert len([call for call in project.journal.entries if PATH in call.path]) == 7 + 1


@pytest.mark.parametrize("word", SOURCES)
async def test_every_source_has_lines_and_levels(supabase, asked, word):
    page = await read(supabase, asked(word, 23, limit=10), nobody())
    assert page.lines
    assert page.counts is not None
    assert page.counts.levels["info"] > 0


async def test_levels_of_sign_ins(supabase, asked):
    """A wrong password is a warning, though GoTrue says info."""
    page = await read(supabase, asked("auth", 23, level="warn"), nobody())
    assert {line.level for line in page.lines} == {"warn"}
    assert all("Invalid login credentials" in line.text and "[e-mail] [ip]" in line.text for line in page.lines)


async def test_lines_stand_though_they_could_not_be_counted(supabase, asked, project):
    async with project.answers("GET", "count%28%29", body={"result": None, "error": "Backend error!"}):
        page = await read(supabase, asked("edge"), nobody())
    assert page.lines
    assert page.counts is None
    assert "Backend error!" in page.uncounted


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        ({"result": None, "error": "no"}, LogsFailed),
        ({"result": [{"id": "1"}]}, WrongShape),
        ({"result": [{"id": "1", "timestamp": "soon"}]}, WrongShape),
    ],
)
async def test_rows_that_are_none(supabase, asked, project, body, failure):
    async with project.answers("GET", PATH, body=body):
        with pytest.raises(failure):
            await read(supabase, asked("edge"), nobody())


async def test_what_came_since_is_added_once(supabase, asked, project):
    page = await read(supabase, asked("functions", limit=5), nobody())
    seen = {line.id for line in page.lines}
    for n in range(7):
        project.state.say("health", "error" if n == 6 else "info", f"new {n}")
    now: datetime = project.clock.now()
    since = page.question.about(Span(now - timedelta(minutes=1), now + timedelta(microseconds=1)))
    new = await fresh(supabase, since, seen, {})
    assert await fresh(supabase, since, seen, {}) == []
    twice = extended(extended(page, new, now), new, now)
    assert [line.text.partition("] ")[2] for line in twice.lines] == ["new 2", "new 3", "new 4", "new 5", "new 6"]
    assert page.counts is not None
    assert twice.counts is not None
    assert twice.counts.all == page.counts.all + 7
    assert twice.counts.levels["error"] == page.counts.levels["error"] + 1


class Endless:
    """A log of long lines that never ends: each question brings as many rows as it may."""

    source = Source("Logs without end", "127.0.0.1")

    async def log_rows(self, sql, start, end, *, urgency=Urgency.PERSON):
        del start, urgency
        if "count()" in sql:
            return []
        most = int(sql.rpartition("limit ")[2])
        return [
            {"id": f"{n:08}", "timestamp": end.isoformat(), "level": "info", "message": f"{n} " + "x" * (LINE - 10)}
            for n in range(most)
        ]


async def test_memory_is_bounded_by_the_lines_that_are_shown(asked):
    """Not by how long the log is: a row, its cleaned text and what makes it, at most three times its 2,000 characters.

    So the most that may be asked for, 5,000 lines, takes 30 MB; the fifty of a usual page less than one.
    """
    for limit, most in ((50, 1_000_000), (3000, 3000 * 3 * LINE)):
        tracemalloc.start()
        page = await read(Endless(), asked("db", 160, limit=limit), nobody())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(page.lines) == limit
        assert peak < most
