"""Faults for the bot's tests: each is what it says on the wire."""

import asyncio
import math

import httpx
import pytest

from playground.supabase.answers import megabytes


async def test_a_chosen_answer_for_chosen_calls_only(project, api):
    async with project.answers(
        "GET", r"/functions$", status=402, body={"message": "pay"}, headers={"x-a": "b"}
    ) as rule:
        answer = await api.get("/functions")
        assert (answer.status_code, answer.json(), answer.headers["x-a"]) == (402, {"message": "pay"}, "b")
        assert (await api.get("/secrets")).status_code == 200
        assert rule.hits == 1
    assert (await api.get("/functions")).status_code == 200


async def test_the_newest_fault_wins(project, functions):
    async with project.answers("*", "/health", status=500), project.answers("GET", "/health", status=503):
        assert (await functions.get("/health")).status_code == 503


@pytest.mark.parametrize("body", ["{not json", b"\xff\xfe", "[]", '{"status": 7}', ""])
async def test_a_body_is_sent_as_it_is(project, functions, body):
    async with project.answers("GET", "/health", body=body):
        answer = await functions.get("/health")
    assert answer.status_code == 200
    assert answer.content == (body.encode() if isinstance(body, str) else body)


async def test_a_huge_body_is_made_as_it_is_read(project, functions):
    async with project.answers("GET", "/health", body=megabytes(50)), functions.stream("GET", "/health") as answer:
        read = 0
        async for chunk in answer.aiter_bytes():
            read += len(chunk)
            if read > 5_000_000:
                break
    assert read > 5_000_000
    async with project.answers("GET", "/health", body=megabytes(1)):
        assert isinstance((await functions.get("/health")).json(), list)


async def test_a_reset_connection(project, functions):
    async with project.answers("GET", "/health", drop=True):
        with pytest.raises(httpx.ReadError):
            await functions.get("/health")
    assert project.journal.entries[-1].status == 0


async def test_bytes_that_are_no_http(project, functions):
    async with project.answers("GET", "/health", raw=b"SSH-2.0-OpenSSH_9.6\r\n"):
        with pytest.raises(httpx.RemoteProtocolError):
            await functions.get("/health")


async def test_an_answer_that_never_comes(project, functions):
    async with project.answers("GET", "/health", delay=math.inf) as rule:
        with pytest.raises(httpx.ReadTimeout):
            await functions.get("/health", timeout=0.2)
        assert rule.hits == 1
    assert (await functions.get("/health")).status_code == 200


async def test_a_late_answer_is_the_true_one(project, functions, manual_clock, asleep):
    async with project.answers("GET", "/health", delay=7):
        late = asyncio.create_task(functions.get("/health"))
        await asleep()
        await manual_clock.passes(seconds=7)
        assert (await late).json()["status"] == "healthy"
    assert project.journal.entries[-1].ms == 7000
