"""Secrets: taken all or none, listed by digest, seen by a warm function when it likes; Circle knows its keys."""

import asyncio
import math

import httpx
import pytest

from playground.supabase.functions.circle_webhook import signature
from playground.supabase.state import digest

WEBHOOK, NAME = "payments-circle-webhook", "CIRCLE_WEBHOOK_SECRET"


async def _posted(project, api, secret, event):
    raw = f'{{"eventType":"aikeys.synthetic","eventId":"{event}"}}'.encode()
    headers = {"circle-signature": signature(secret, raw)}
    return (await api.post(f"{project.functions_url}/{WEBHOOK}", content=raw, headers=headers)).status_code


async def test_a_post_is_an_upsert_with_an_empty_answer(project, api):
    both = [{"name": "CIRCLE_API_KEY", "value": "a"}, {"name": "NEW", "value": "b"}]
    answer = await api.post("/secrets", json=both)
    assert (answer.status_code, answer.content) == (201, b"")
    listed = {one["name"]: one for one in (await api.get("/secrets")).json()}
    assert [listed[one["name"]]["value"] for one in both] == [digest("a"), digest("b")]
    assert project.state.secret_posts == [("CIRCLE_API_KEY", "NEW")]
    assert (await api.request("DELETE", "/secrets", json=["NEW"])).status_code == 200
    assert "NEW" not in project.secrets


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([{"name": "SUPABASE_URL", "value": "x"}], id="the platform's own"),
        pytest.param([{"name": "A", "value": "x" * 24_577}], id="too long"),
        pytest.param([{"name": "A", "value": "x"}, {"name": "B" * 257, "value": "x"}], id="all or none"),
        pytest.param([{"name": f"N{number}", "value": "x"} for number in range(99)], id="more than a hundred"),
        pytest.param({"name": "A", "value": "x"}, id="no list"),
    ],
)
async def test_what_is_refused_changes_nothing(project, api, body):
    before = dict(project.secrets)
    assert (await api.post("/secrets", json=body)).status_code == 400
    assert project.secrets == before


async def test_a_warm_function_keeps_the_old_value_until_it_is_deployed(project, api):
    old = project.secrets[NAME]
    project.state.stale_for = math.inf
    await api.post("/secrets", json=[{"name": NAME, "value": "new"}])
    assert [await _posted(project, api, secret, "one") for secret in ("new", old)] == [401, 200]
    project.state.functions[WEBHOOK].updated_at = project.clock.now()
    assert [await _posted(project, api, secret, "two") for secret in ("new", old)] == [200, 401]


async def test_of_two_isolates_one_may_be_old(project, api):
    project.state.stale_for, project.state.stale_calls = math.inf, 2
    await api.post("/secrets", json=[{"name": NAME, "value": "new"}])
    assert [await _posted(project, api, "new", event) for event in "abcd"] == [200, 401, 200, 401]


async def test_circle_knows_its_keys(project):
    circle = project.circle
    keys = [project.secrets["CIRCLE_API_KEY"], circle.new_key(), "TEST_API_KEY:0:0", "no key at all"]
    async with httpx.AsyncClient() as client:
        asked = [client.get(circle.check_url, headers={"Authorization": f"Bearer {key}"}) for key in keys]
        assert [one.status_code for one in await asyncio.gather(*asked)] == [200, 200, 401, 401]
