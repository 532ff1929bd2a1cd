"""The audit of the dependencies says what a vulnerability service says: a real pip-audit, asked of one on loopback."""

import asyncio
import json
import re
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from packaging.requirements import Requirement

from tests.attack.audit import Audited, audited, violations_of

ROOT = Path(__file__).parents[2]
LINES = re.findall(r"^[a-z0-9].*?(?= \\$)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
HERE = [one for one in map(Requirement, LINES) if one.marker is None or one.marker.evaluate()]
PINNED = {one.name: str(one.specifier).removeprefix("==") for one in HERE}


@asynccontextmanager
async def service(known):
    """OSV's `POST /v1/query` (google.github.io/osv.dev/post-v1-query): one package a call. *known*: ids by name."""
    asked = {}

    async def query(request):
        wanted = json.loads(await request.text())
        assert wanted["package"]["ecosystem"] == "PyPI"
        name = wanted["package"]["name"]
        asked[name] = wanted["version"]
        about = {"package": {"name": name, "ecosystem": "PyPI"}}
        vulns = [
            {"id": one, "schema_version": "1.6.0", "summary": "It leaks.", "affected": [about]}
            for one in known.get(name, ())
        ]
        return web.json_response({"vulns": vulns} if vulns else {})

    app = web.Application()
    app.router.add_post("/v1/query", query)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1/query", asked
    finally:
        await runner.cleanup()


@pytest.mark.slow
async def test_each_pin_is_asked_about_and_what_is_known_against_one_is_a_violation(capsys):
    async with service({"aiohttp": ("GHSA-aaaa-bbbb-cccc",)}) as (url, asked):
        found = await audited(ROOT, url)
    if "could not be installed" in found.line:
        pytest.skip(f"no package index here: {found.line}")
    assert asked == PINNED
    assert found.line == f"{len(PINNED)} dependencies audited, 1 vulnerable"
    assert (found.vulnerable, found.asked) == (1, True)
    assert "VULNERABLE: aiohttp: GHSA-aaaa-bbbb-cccc" in capsys.readouterr().out


@pytest.mark.slow
async def test_where_nobody_answers_nothing_is_called_audited():
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    found = await audited(ROOT, f"http://127.0.0.1:{port}/v1/query")
    assert (found.vulnerable, found.asked) == (0, False)
    assert [violations_of(found, must=must) for must in (False, True)] == [0, 1]
    assert found.line.startswith("dependencies NOT audited: ")


@pytest.mark.parametrize(
    ("found", "violations", "insisted"),
    [
        (None, 0, 1),
        (Audited("NOT audited"), 0, 1),
        (Audited("all audited", 0, asked=True), 0, 0),
        (Audited("all audited", 2, asked=True), 2, 2),
        (Audited("some of them", 2), 2, 3),
    ],
)
def test_who_insists_takes_no_silence_for_an_answer(found, violations, insisted):
    """Also not that of --no-audit beside it."""
    assert violations_of(found, must=False) == violations
    assert violations_of(found, must=True) == insisted
