"""Restore points and points in time: the wallet's database really goes back, and is away meanwhile."""

import asyncio

import pytest

BASE = "/database/backups"
SAY = "insert into public.payment_events (event_id, event_type, raw_event) values ($1, 'payments.confirmed', '{}')"


@pytest.fixture
def archive(project):
    return project.archive


async def settled(project) -> None:
    """The seconds that it takes pass."""
    while project.archive.restoring:
        await project.clock.passes(seconds=1)
        await asyncio.sleep(0.01)


async def pays(project, name: str) -> None:
    async with project.postgres.superuser() as connection:
        await connection.execute(SAY, name)


async def paid(project) -> set[str]:
    async with project.postgres.superuser() as connection:
        rows = await connection.fetch("select event_id from public.payment_events where event_id like 'pay-%'")
    return {row["event_id"] for row in rows}


async def test_it_goes_back_to_a_restore_point(project, api, archive):
    await pays(project, "pay-before")
    made = await api.post(f"{BASE}/restore-point", json={"name": "before-the-fix"})
    assert (made.status_code, made.json()["status"]) == (201, "AVAILABLE")
    await pays(project, "pay-after")

    assert (await api.post(f"{BASE}/undo", json={"name": "before-the-fix"})).status_code == 201

    assert (await api.get("")).json()["status"] == "RESTORING"
    health = (await api.get("/health?services=db&services=realtime")).json()
    assert {one["name"]: one["status"] for one in health}["db"] == "COMING_UP"
    assert (await api.post("/database/query/read-only", json={"query": "select 1"})).status_code == 544
    await settled(project)
    assert (await api.get("")).json()["status"] == "ACTIVE_HEALTHY"
    assert await paid(project) == {"pay-before"}
    rows = await api.post("/database/query", json={"query": "create table public.mine (id int); select 1"})
    assert rows.status_code == 201  # the owner's rights came back too


async def test_it_goes_back_to_a_second(project, api, archive, switch):
    target = {"recovery_time_target_unix": int(project.clock.now().timestamp())}
    refused = await api.post(f"{BASE}/restore-pitr", json=target)
    assert (refused.status_code, refused.json()["message"]) == (400, "PITR is not enabled for this project.")
    await pays(project, "pay-1")
    await switch["pitr"].set(True)
    assert (await api.post(f"{BASE}/restore-pitr", json={"recovery_time_target_unix": 5})).status_code == 400
    await pays(project, "pay-2")
    window = (await api.get(BASE)).json()
    assert (window["pitr_enabled"], window["backups"]) == (True, [])

    latest = window["physical_backup_data"]["latest_physical_backup_date_unix"]
    answer = await api.post(f"{BASE}/restore-pitr", json={"recovery_time_target_unix": latest})

    assert answer.status_code == 201
    assert (await api.post(f"{BASE}/undo", json={"name": "x"})).status_code == 400
    await settled(project)
    assert await paid(project) == {"pay-1"}


async def test_a_restore_that_fails_leaves_it_away_until_one_succeeds(project, api, archive, switch):
    await api.post(f"{BASE}/restore-point", json={"name": "good"})
    await switch["restore_fails"].set(True)
    await api.post(f"{BASE}/undo", json={"name": "good"})
    await settled(project)
    assert project.state.status == "RESTORE_FAILED"
    assert (await api.post("/database/query/read-only", json={"query": "select 1"})).status_code == 544
    await switch["restore_fails"].set(False)
    assert (await api.post(f"{BASE}/undo", json={"name": "good"})).status_code == 201
    await settled(project)
    assert project.state.status == "ACTIVE_HEALTHY"


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "x" * 21}, {"name": 3}, []])
async def test_a_name_has_20_characters_at_most(api, body):
    assert (await api.post(f"{BASE}/restore-point", json=body)).status_code == 400


async def test_what_was_never_made_is_not_there(api):
    assert (await api.get(f"{BASE}/restore-point?name=none")).status_code == 500
    assert (await api.post(f"{BASE}/undo", json={"name": "none"})).status_code == 400
