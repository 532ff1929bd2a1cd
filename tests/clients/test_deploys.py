"""Sending and reading functions through the client, against the playground and against answers it may get instead."""

import asyncio
import json
import math

import pytest

from bot.bundle import Bundle, File, compare
from bot.clients.bodies import may_have_happened
from bot.clients.errors import (
    BrokenOff,
    Conflict,
    MustPay,
    NobodyThere,
    NotAllowed,
    NotThere,
    NotUnderstood,
    Paused,
    Rejected,
    ServerFailed,
    TooLarge,
    TooLate,
    TooMany,
    WrongShape,
)
from bot.clients.supabase import Supabase
from playground.clock import ManualClock
from playground.supabase.answers import megabytes
from tests.wait import eventually

FOLDER = "supabase/functions/health"


def bundle(verify_jwt=False, **files):
    files = {"index.ts": b'const VERSION = "3.0.0";\r\n', **files}
    made = tuple(File.of(f"{FOLDER}/{name}", content) for name, content in files.items())
    return Bundle("health", made, f"{FOLDER}/index.ts", "", verify_jwt, "health")


@pytest.mark.parametrize("deno1", [False, True])
async def test_what_is_sent_comes_back_byte_for_byte(supabase, project, deno1):
    odd = {"a.txt": b"\r\n--boundary\r\n\x00\xff", "b.txt": b"", "c.txt": b"\r", "\u00f1.ts": b"\n", "d e.txt": b"--"}
    sent = bundle(**odd)
    before = await supabase.function("health")
    done = await supabase.deploy("health", sent)
    assert (done.version, done.verify_jwt) == (before.version + 1, False)
    project.state.functions["health"].deno1 = deno1
    live = await supabase.body("health")
    assert compare(sent, live).same
    assert live.digest == sent.digest
    assert live.hashes() == sent.hashes()
    assert (live.entrypoint, live.verify_jwt, live.name) == (sent.entrypoint, False, "health")


async def test_a_body_can_be_sent_again_as_it_is(supabase, project):
    saved = await supabase.body("payments-circle-webhook")
    assert saved.import_map == "supabase/functions/payments-circle-webhook/deno.json"
    await supabase.deploy("payments-circle-webhook", saved)
    again = await supabase.body("payments-circle-webhook")
    assert again == saved
    assert project.state.deploys[-1].verify_jwt is False


@pytest.mark.parametrize("verify_jwt", [True, False])
async def test_the_flag_is_always_sent(supabase, project, verify_jwt):
    await supabase.deploy("health", bundle(verify_jwt))
    assert project.state.deploys[-1].verify_jwt is verify_jwt


async def test_without_knowing_the_flag_nothing_is_sent(supabase, project):
    with pytest.raises(ValueError, match="verify_jwt"):
        await supabase.deploy("health", bundle(None))
    assert project.state.deploys == []


async def test_what_the_live_code_differs_in_is_named(supabase):
    sent = bundle(**{"gone.ts": b"x", "same.ts": b"y"})
    await supabase.deploy("health", bundle(**{"same.ts": b"y", "more.ts": b"z", "index.ts": b"other"}))
    found = compare(sent, await supabase.body("health"))
    assert (found.changed, found.missing, found.extra) == (("index.ts",), ("gone.ts",), ("more.ts",))


async def test_a_refusal_is_certain_and_in_the_platforms_words(supabase, project):
    with pytest.raises(Rejected, match="Bundle generation timed out") as caught:
        await supabase.deploy("health", bundle(**{"index.ts": b"// playground: bundle timeout"}))
    assert caught.value.said == "Bundle generation timed out"
    assert "Nothing was changed" in caught.value.what
    assert not may_have_happened(caught.value)
    with pytest.raises(Rejected, match="413"):
        await supabase.deploy("health", bundle(**{"big.ts": b"x" * 21_000_000}))
    assert project.state.deploys == []


@pytest.mark.parametrize(
    ("status", "kind", "open_"),
    [
        (400, Rejected, False),
        (402, MustPay, False),
        (403, NotAllowed, False),
        (404, NotThere, False),
        (409, Conflict, False),
        (429, TooMany, False),
        (500, ServerFailed, True),
        (503, ServerFailed, True),
        (540, Paused, False),
    ],
)
async def test_each_status_tells_whether_it_may_have_happened(supabase, project, status, kind, open_):
    async with project.answers("POST", "/functions/deploy", status=status, body={"message": "because"}) as rule:
        with pytest.raises(kind) as caught:
            await supabase.deploy("health", bundle())
    assert rule.hits == 1, "never repeated"
    assert may_have_happened(caught.value) is open_


async def test_an_answer_that_is_lost_leaves_it_open(supabase, project):
    for fault, kind in (({"drop": True}, BrokenOff), ({"status": 502, "body": b"<html>"}, ServerFailed)):
        async with project.answers("POST", "/functions/deploy", after=True, **fault) as rule:
            with pytest.raises(kind) as caught:
                await supabase.deploy("health", bundle())
        assert rule.hits == 1
        assert may_have_happened(caught.value)
    assert len(project.state.deploys) == 2


async def test_a_time_out_after_the_effect_leaves_it_open(project):
    clock = ManualClock()
    client = Supabase(project.api_url, project.access_token, project.ref, clock)
    await client.functions()
    async with project.answers("POST", "/functions/deploy", after=True, delay=math.inf):
        asked = asyncio.create_task(client.deploy("health", bundle()))
        await eventually(lambda: project.state.deploys)
        await clock.passes(seconds=121)
        with pytest.raises(TooLate) as caught:
            await asked
    assert may_have_happened(caught.value)
    await client.close()


async def test_nobody_there_is_certain(clock):
    client = Supabase("http://127.0.0.1:9", "sbp_" + "0" * 40, "a" * 20, clock)
    with pytest.raises(NobodyThere, match="no connections") as caught:
        await client.deploy("health", bundle())
    assert not may_have_happened(caught.value)
    await client.close()


def body(*parts, boundary="x"):
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts).encode() + f"--{boundary}--\r\n".encode()


META = 'Content-Disposition: form-data; name="metadata"\r\n\r\n' + json.dumps(
    {"deno2_entrypoint_path": "source/index.ts"}
)


def file(name, content="x"):
    return f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{content}'


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (body(META), "multipart/form-data; boundary=x"),
        (body(file("source/index.ts")), "multipart/form-data; boundary=x"),
        (body(META, file("source/other.ts")), "multipart/form-data; boundary=x"),
        (body(META, file("source/index.ts"), file("../../etc/passwd")), "multipart/form-data; boundary=x"),
        (body(META, file("source/index.ts"), file("source/a\x1b.ts")), "multipart/form-data; boundary=x"),
        (body(META, file("source/index.ts"))[:-6], "multipart/form-data; boundary=x"),
        (body(META.replace("{", "["), file("source/index.ts")), "multipart/form-data; boundary=x"),
        (body(META, *[file(f"source/{n}.ts") for n in range(1005)]), "multipart/form-data; boundary=x"),
        (body(META, file("source/index.ts")), "multipart/form-data"),
        (b"EZBR\x01\x02", "application/octet-stream"),
    ],
)
async def test_a_body_that_makes_no_sense_is_not_understood(supabase, project, raw, content_type):
    async with project.answers("GET", "/health/body", body=raw or b" ", headers={"Content-Type": content_type}):
        with pytest.raises(WrongShape):
            await supabase.body("health")


async def test_a_header_of_supabase_s_own_names_the_file(supabase, project):
    part = 'content-disposition: form-data; filename="blob"; name="file"\r\nSupabase-Path: source/index.ts\r\n\r\nhello'
    raw = body(META, part, file("source/%22q.ts").replace("%22", ""))
    async with project.answers(
        "GET", "/health/body", body=raw, headers={"Content-Type": 'multipart/form-data; charset=x; boundary="x"'}
    ):
        live = await supabase.body("health")
    assert {each.path: each.content for each in live.files}["index.ts"] == b"hello"


async def test_an_endless_body_is_stopped(supabase, project):
    async with project.answers(
        "GET", "/health/body", body=megabytes(40), headers={"Content-Type": "multipart/form-data; boundary=x"}
    ):
        with pytest.raises(TooLarge) as caught:
            await supabase.body("health")
    assert isinstance(caught.value, NotUnderstood)


@pytest.mark.parametrize("slug", ["../secrets", "", "a?b", "a&bundleOnly=true"])
async def test_a_slug_that_would_change_the_question_is_refused(supabase, slug):
    with pytest.raises(ValueError, match="name"):
        await supabase.deploy(slug, bundle())
