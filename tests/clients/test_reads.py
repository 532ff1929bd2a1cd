"""Backups, what functions use, and what a token may read, through the client."""

from datetime import UTC, datetime

import pytest

from bot.clients.errors import LogsFailed, NotAllowed
from bot.clients.supabase import READS, Supabase
from bot.clients.supabase.door import moment

STATS = "/functions.combined-stats"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-24T02:11:40Z", datetime(2026, 11, 24, 2, 11, 40, tzinfo=UTC)),
        ("2026-11-24T02:11:40", datetime(2026, 11, 24, 2, 11, 40, tzinfo=UTC)),
        ("2026-11-24T03:11:40.5+01:00", datetime(2026, 11, 24, 2, 11, 40, 500000, tzinfo=UTC)),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_utc_or_not_known(text, at):
    assert moment(text) == at


async def test_backups(supabase, project):
    found = await supabase.backups()
    assert (found.region, found.pitr_enabled, len(found.backups)) == (project.region, False, 7)
    assert all(one.at is not None and one.status == "COMPLETED" for one in found.backups)


async def test_what_a_function_uses(supabase, project):
    buckets = await supabase.function_usage(project.state.functions["health"].id)
    assert buckets[-1]["avg_memory_used"] > 0


@pytest.mark.parametrize(
    "error", ["Backend error!", {"code": 400, "errors": [], "message": "Backend error!", "status": "x"}]
)
async def test_an_error_in_a_200_is_an_error(supabase, project, error):
    async with project.answers("GET", STATS, body={"result": None, "error": error}):
        with pytest.raises(LogsFailed, match=r"did not add up what the function uses: Backend error!\."):
            await supabase.function_usage("x")


async def test_an_id_stays_one_value_of_the_query(supabase, project):
    assert await supabase.function_usage("a&interval=2hr#") == []


async def test_each_permission_is_tried_by_its_own_read(project, clock):
    """A token that has one of them may read that and nothing else; nothing is changed by trying."""
    for permission in READS:
        scoped = Supabase(project.api_url, project.issue_token(permission), project.ref, clock)
        for tried in (permission, next(other for other in READS if other != permission)):
            if tried == permission:
                assert await scoped.try_to_read(tried)
            else:
                with pytest.raises(NotAllowed) as caught:
                    await scoped.try_to_read(tried)
                assert caught.value.missing == (tried,)
        await scoped.close()


async def test_the_tightest_endpoint_is_named(supabase):
    assert [supabase.tightest] == [None]
    await supabase.backups()
    await supabase.try_to_read("analytics_usage_read")
    assert supabase.tightest == ("GET /analytics/endpoints/usage.api-counts", 29)
