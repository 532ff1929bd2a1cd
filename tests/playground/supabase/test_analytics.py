"""What functions and APIs were used for: the numbers of the logs, in buckets."""

import pytest

STATS = "/analytics/endpoints/functions.combined-stats"


@pytest.fixture
def ask(api, project):
    async def asked(**query):
        function_id = project.state.functions["health"].id
        answer = await api.get(STATS, params={"interval": "1hr", "function_id": function_id} | query)
        return answer.status_code, answer.json()

    return asked


async def test_real_calls_are_in_the_last_minutes_bucket(ask, functions):
    _, before = await ask()
    for _ in range(3):
        await functions.get("/health")
    _, after = await ask()
    counts = [sum(bucket["requests_count"] for bucket in answer["result"]) for answer in (before, after)]
    assert counts[1] - counts[0] == 3
    last = after["result"][-1]
    assert 0 < last["avg_cpu_time_used"] <= last["max_cpu_time_used"] <= 2000
    assert 0 < last["avg_memory_used"] < 256


async def test_a_day_comes_by_the_hour(ask):
    _, answer = await ask(interval="1day")
    assert 20 <= len(answer["result"]) <= 25
    assert [bucket["timestamp"] for bucket in answer["result"]] == sorted(
        bucket["timestamp"] for bucket in answer["result"]
    )


async def test_nobodys_id_has_no_buckets_and_an_interval_must_be_one_of_them(ask):
    assert await ask(function_id="00000000-0000-4000-8000-000000000000") == (200, {"result": []})
    assert (await ask(interval="2hr"))[0] == 400
    assert (await ask(function_id=""))[0] == 400


async def test_usage_is_thirty_a_minute(api, manual_clock):
    path = "/analytics/endpoints/usage.api-counts"
    first = await api.get(path, params={"interval": "1day"})
    assert len(first.json()["result"]) == 24
    assert first.headers["x-ratelimit-limit"] == "30"
    assert (await api.get(path, params={"interval": "1month"})).status_code == 400
