"""Somebody has the database file and no audit key: what they write beside the signed events brings nothing about."""

import sqlite3
from contextlib import closing

import pytest

from bot.approvals.objection import Act, Click, Objection, Why
from bot.command import Role
from bot.own.edited import ID
from store.audit import verify
from tests.chat import words
from tests.deploys import Deploying
from tests.running import KEY
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
