"""One project on a clock that tests move, and the two ways into it."""

import asyncio

import httpx
import pytest

from playground.clock import ManualClock
from playground.supabase.project import Project


@pytest.fixture(scope="session")
def manual_clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
async def _manual_project(manual_clock):
    project = Project(manual_clock)
    await project.start()
    yield project
    await project.stop()


@pytest.fixture
async def project(_manual_project):
    await _manual_project.reset()
    yield _manual_project
    for switch in _manual_project.switches:
        await switch.set(False)


@pytest.fixture
async def api(project):
    """The Management API, asked as the owner; paths are relative to the project's."""
    headers = {"Authorization": f"Bearer {project.access_token}"}
    base = f"{project.api_url}/v1/projects/{project.ref}"
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=20) as client:
        yield client


@pytest.fixture
async def functions(project):
    """The functions' gateway, asked by nobody in particular."""
    async with httpx.AsyncClient(base_url=project.functions_url, timeout=20) as client:
        yield client


@pytest.fixture
def sql(api):
    """Runs read-only SQL and gives the rows."""

    async def run(query, *parameters):
        answer = await api.post("/database/query/read-only", json={"query": query, "parameters": list(parameters)})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return run


@pytest.fixture
def asleep(manual_clock):
    """Waits until somebody waits for the clock."""

    async def until_asleep():
        while not manual_clock._waiting:  # noqa: ASYNC110 — the clock has no event for it, and the wait is short
            await asyncio.sleep(0)

    return until_asleep


@pytest.fixture
def switch(project):
    """A switch by name."""
    return {switch.name: switch for switch in project.switches}
