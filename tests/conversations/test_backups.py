"""/aikeys backups: the last, how far back, what a restore would lose; each way in which Supabase can fail to say."""

from datetime import timedelta
from typing import Any

from playground.supabase.answers import megabytes
from tests.chat import whole, words

LIST = "/database/backups$"


async def test_what_a_restore_would_lose_is_counted(chat, project):
    last = project.clock.now().replace(hour=2, minute=11, second=40, microsecond=0)
    last -= timedelta(days=last > project.clock.now())
    count = "select count(*) from public.payment_events where event_type <> 'wallets.created' and created_at > $1"
    mine = "insert into public.payment_events (event_id, event_type, raw_event) values ('x', 'aikeys.synthetic', '{}')"
    async with project.postgres.superuser() as connection:
        payments = await connection.fetchval(count, last)
        await connection.execute(mine)  # the bot's own test event: not counted

    await chat.says("zoe", "/aikeys backups")

    card = await chat.until(whole("a restore loses"), "zoe")
    assert card["blocks"][0]["text"]["text"].startswith("✅ Last backup")
    assert card["blocks"][0]["text"]["text"].endswith(f"a restore loses {payments} payments")
    told = words(card)
    for word in ("7 to choose from", "Deposits and withdrawals:", "Deploys through me: none since"):
        assert word in told


async def test_there_is_none(chat, project):
    nothing = {"region": "x", "walg_enabled": False, "pitr_enabled": False, "backups": [], "physical_backup_data": {}}
    async with project.answers("GET", LIST, body=nothing):
        await chat.says("ana", "/aikeys backups")
        card = await chat.until("There is no backup")
    assert "what is lost now is lost for good" in words(card)
    assert card["blocks"][0]["text"]["text"].startswith("⛔")


async def test_a_table_that_is_not_there_hides_no_other(chat, project):
    async with project.postgres.superuser() as connection:
        await connection.execute("drop table public.audit_events")
    await chat.says("ana", "/aikeys backups")
    told = words(await chat.until(whole("a restore loses")))
    assert "So not known: audit events." in told
    assert "Audit events: not known" in told


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"status": 401}, "does not accept the bot's token"),
    ({"status": 402}, "unpaid bill"),
    ({"status": 403, "body": {"message": "no", "missing_permissions": ["backups_read"]}}, "it lacks backups_read"),
    ({"status": 404}, "404"),
    ({"status": 410}, "has removed what the bot asked for"),
    ({"status": 429, "headers": {"Retry-After": "9"}}, "too many requests (429)"),
    ({"status": 503}, "failed (503)"),
    ({"status": 540}, "The project is paused (540)"),
    ({"status": 544}, "could not reach the project's database"),
    ({"body": "<html>"}, "something that is not JSON"),
    ({"body": {"backups": 3}}, "in a shape the bot does not know"),
    ({"body": megabytes(3)}, "sent more than 2 MB"),
    ({"drop": True}, "broke the connection off"),
]


async def test_an_answer_that_is_none(chat, project):
    """All in one conversation: each has its own sentence, what to do, and reads alone without its blocks."""
    chat.slack.limits.off = True  # thirteen answers in a second
    seen: set[str] = set()
    for fault, sentence in FAULTS:
        async with project.answers("GET", LIST, **fault):
            await chat.says("ana", "/aikeys backups")
            card = await chat.until(lambda one: one["ts"] not in seen and whole("Backups not known")(one))
        seen.add(card["ts"])
        section = card["blocks"][2]["text"]["text"]
        assert sentence in section, section
        assert "\n→ " in section
        assert sentence in card["text"]


async def test_the_database_is_away_and_the_list_stays(chat, town):
    await town.slack.faults.set("database_outage", True)
    await chat.says("ana", "/aikeys backups")
    told = words(await chat.until(whole("Last backup")))
    assert "7 to choose from" in told
    assert "Payments: not known" in told
