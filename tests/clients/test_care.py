"""Advisors, limits, and Supabase's own status page: the playground's answers through our clients."""

import pytest

from bot.clients.errors import NobodyThere, NotJson, Odd, ServerFailed, WrongShape
from bot.clients.status_page import StatusPage


@pytest.fixture
async def page(project, clock):
    page = StatusPage(project.status_url, clock)
    yield page
    await page.close()


async def test_advisors_and_limits_are_read(supabase, project):
    project.state.banned.append("198.51.100.7")
    assert [lint.name for lint in await supabase.lints("performance")] == ["unindexed_foreign_keys"]
    assert {lint.level for lint in await supabase.lints("security")} == {"INFO"}
    disk = await supabase.disk()
    assert 0 < disk.used < disk.size
    assert (await supabase.read_only()).enabled is False
    (pool,) = await supabase.poolers()
    assert (pool.default_pool_size, pool.max_client_conn) == (15, 200)
    assert "PASSWORD" not in repr(pool)
    assert await supabase.overridden() == {}
    assert await supabase.banned() == ["198.51.100.7"]


async def test_the_status_page_is_read(page, project):
    assert (await page.said()).indicator == "none"
    project.state.incident = "major"
    assert (await page.said()).description == "Partial System Outage"


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ({"status": 503}, ServerFailed),
        ({"status": 404}, Odd),
        ({"body": "<html>"}, NotJson),
        ({"body": {"status": "fine"}}, WrongShape),
    ],
)
async def test_a_status_page_that_says_nothing_of_use(page, project, fault, failure):
    async with project.answers("GET", "status.json", **fault):
        with pytest.raises(failure) as raised:
            await page.said()
    assert raised.value.do


async def test_nobody_there(clock):
    page = StatusPage("http://127.0.0.1:9/api/v2/status.json", clock)
    with pytest.raises(NobodyThere, match="Supabase's status page takes no connections"):
        await page.said()
    await page.close()
