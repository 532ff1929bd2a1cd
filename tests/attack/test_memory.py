"""Somebody has the database file and no audit key: what they write beside the signed events brings nothing about."""

import json
import sqlite3
from contextlib import asynccontextmanager, closing

import pytest

from bot.approvals.objection import Act, Click, Objection, Why
from bot.command import Role
from bot.own.edited import ID
from playground.slack.people import TEAM
from store.audit import verify
from store.inbox import Arrival
from store.times import to_text
from tests.chat import words
from tests.deploys import Deploying, buttons
from tests.running import KEY, remembering, running
from tests.wait import eventually


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def deploying(chat, project) -> Deploying:
    return Deploying(chat, project)


@pytest.fixture
def edits(bot):
    """Writes into the file past the bot, as a SQLite shell beside it would."""

    def edit(*statements: str) -> None:
        with closing(sqlite3.connect(bot.store.path, isolation_level=None)) as raw:
            guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                raw.execute(statement)
            for _, sql in guards:
                raw.execute(sql)

    return edit


@pytest.fixture
def nothing_ran(bot, chat, deploying):
    """Nothing was done, the P0 is there and says why, and the verdict names the same."""

    async def check(why: str, table: str) -> None:
        await chat.until("*My memory was edited* · open")
        said = bot.store.incidents.story(bot.store.incidents.latest(ID).subject)[0]
        assert why in said.data["what"]
        assert deploying.effects == []
        verdict = verify(bot.store.db, KEY)
        assert (verdict.ok, verdict.table) == (False, table), verdict

    return check


async def test_a_vote_that_nobody_gave(bot, deploying, edits, chat, nothing_ran):
    """Two are needed; somebody writes Cy's yes into the table, and Ben presses Approve."""
    card = await deploying.asks()
    edits("INSERT INTO approval_votes SELECT subject, 'U0CY', requested_at, request_id FROM approvals")
    await deploying.click("ben", card, "Approve")
    await chat.until("My memory was edited", "ben")
    await nothing_ran("approval_votes has a row for approval/1, U0CY that no event tells of", "approval_votes")
    assert bot.store.approvals.get("approval/1").state == "pending"
    assert "does not run: my memory was edited" in words(await chat.until("does not run"))


async def test_a_request_that_rests_on_nothing(bot, deploying, edits, chat):
    """Whoever presses its button is told, the P0 is there, and an incident can still be ended."""
    card = await deploying.asks()
    edits("UPDATE approvals SET request_id = 99")
    await deploying.click("ben", card, "Approve")
    await chat.until("My memory was edited", "ben")
    await chat.until("*My memory was edited* · open")
    number = bot.store.incidents.latest(ID).number
    await chat.says("ana", f"/aikeys incident resolve {number} seen --anyway")
    await eventually(lambda: not bot.store.incidents.latest(ID).open)
    assert deploying.effects == []


async def test_an_operation_that_nobody_started(bot, deploying, edits, nothing_ran):
    """A whole granted approval with its operation, rows and events, all but the signatures."""
    await deploying.asks()
    edits(
        """INSERT INTO events SELECT id + 1, at, 'operation/1', 'operation.started', 'U0ANA', json_object('number', 1,
            'project', 'p', 'command', 'deploy', 'title', 'Deploy health', 'steps', json_array('Send health'),
            'data', json_object(), 'where', json_extract(data, '$.where'), 'approval', subject, 'passes_freeze', 0),
            NULL, mac FROM events ORDER BY id DESC LIMIT 1""",
        """INSERT INTO operations SELECT 'operation/1', 1, 'p', 'U0ANA', at, id, 'running', id, NULL
            FROM events ORDER BY id DESC LIMIT 1""",
    )
    await bot.changes.engine.round()
    await eventually(lambda: bot.store.incidents.latest(ID))
    await nothing_ran("of the timeline is not the one that was written", "")


async def test_an_emergency_that_nobody_saw(bot, deploying, edits, nothing_ran):
    """A P0 of a detector's is written in, so that Ana may act alone: the bot offers the glass, and does not break."""
    await deploying.asks()
    edits(
        """INSERT INTO events SELECT id + 1, at, 'incident/9', 'incident.opened', 'bot', json_object('title', 'Down',
            'severity', 'P0', 'dedup_key', 'database_outage'), NULL, mac FROM events ORDER BY id DESC LIMIT 1""",
        """INSERT INTO open_incidents SELECT subject, 'database_outage', 'P0', 'Down', at, id
            FROM events ORDER BY id DESC LIMIT 1""",
    )
    click = Click("U0ANA", Act.APPROVE, frozenset({Role.OPERATOR}), "it burns", glass=True)
    found = await bot.changes.requests.click("approval/1", click)
    assert isinstance(found, Objection)
    assert found.why is Why.EDITED
    await nothing_ran("of the timeline is not the one that was written", "")
    assert bot.store.operations.recent() == []


async def test_a_deploy_that_is_done_is_not_begun_again(bot, deploying, edits, chat):
    """Its end and its steps are taken out of the tables; the events stand."""
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Done.")
    edits("UPDATE operations SET state = 'running', state_id = start_id", "DELETE FROM operation_steps")
    await bot.changes.engine.round()
    said = words(await chat.until("does not run: my memory was edited"))
    assert "the table operations says of operation/1 that state is running, the events say done" in said.lower()
    assert len(deploying.effects) == 1


@pytest.fixture
async def restarts(bot, settings, clock):
    """Ends the bot and starts another over what *leaves* has put into its inbox: a young, acknowledged delivery."""

    @asynccontextmanager
    async def restart(leaves):
        await bot.stop()
        bot.store.close()
        with closing(remembering(settings.data / "aikeys.sqlite")) as store:
            leaves(store)
        async with running(settings, clock) as again:
            await eventually(lambda: not again.store.inbox.unfinished(), 10)
            yield again

    return restart


def pressed(card, who: str, team: str) -> str:
    """The payload of Approve on *card*, as Slack sends it."""
    button = next(one for one in buttons(card) if one["text"]["text"] == "Approve")
    place = {"type": "message", "channel_id": "C0OPS", "message_ts": card["ts"], "thread_ts": card["thread_ts"]}
    return json.dumps(
        {
            "type": "block_actions",
            "user": {"id": who, "team_id": team},
            "team": {"id": team},
            "channel": {"id": "C0OPS"},
            "container": place,
            "message": {"ts": card["ts"], "thread_ts": card["thread_ts"]},
            "trigger_id": "1.2.3",
            "actions": [button | {"type": "button"}],
        }
    )


async def test_a_click_that_a_restart_left_over_counts(deploying, restarts, clock):
    """The honest one, as the bot had written it: without it the next tests would say nothing."""
    payload = pressed(await deploying.asks(), "U0BEN", TEAM)

    def leaves(store):
        (row,) = store.inbox.admit([Arrival("click:1.2.3", "click", "e", payload)], clock.now())
        store.inbox.later_acked(row.id, clock.now())
        store.inbox.flush()

    async with restarts(leaves) as again:
        await eventually(lambda: again.store.approvals.get("approval/1").state == "granted")


@pytest.mark.parametrize(("kind", "mac"), [("click", "'00112233445566778899aabbccddeeff'"), ("command", "NULL")])
async def test_a_click_that_nobody_made(deploying, restarts, edits, chat, clock, kind, mac):
    """Ben's Approve is written into the inbox, acknowledged, a second old; the bot is started again."""
    payload = pressed(await deploying.asks(), "U0BEN", TEAM)
    now = to_text(clock.now())

    def leaves(store):
        edits(
            "INSERT INTO deliveries (key, kind, envelope_id, received_at, payload, acked_at, mac) VALUES "
            f"('click:1.2.3', '{kind}', 'e', '{now}', '{payload.replace(chr(39), chr(39) * 2)}', '{now}', {mac})"
        )

    async with restarts(leaves) as again:
        said = words(await chat.until("Nothing was changed", "ben", "@ben"))
        assert "click" in said
        assert again.store.approvals.get("approval/1").state == "pending"
        assert [one for one in again.store.events.of("approval/1") if one.actor == "U0BEN"] == []
        assert deploying.effects == []
        if mac == "NULL":  # as after an update: that is no alarm, and no vote
            assert again.store.incidents.latest(ID) is None
            return
        await chat.until("*My memory was edited* · open")
        what = again.store.incidents.story(again.store.incidents.latest(ID).subject)[0].data["what"]
        assert "in my inbox, in the name of U0BEN, is not what Slack handed over" in what
