"""A piece of `make chaos` in the gate: twenty kills, a thousand clicks on one card, and a judge that is not blind."""

import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from playground.slack.messages import Message
from playground.supabase.state import Taken, digest
from store.database import open_store
from tests.chaos.clicks import Clicking
from tests.chaos.deaths import examined
from tests.chaos.hands import OPS
from tests.chaos.lane import Lane, Pace, repository
from tests.chaos.ledger import Handed
from tests.chaos.migrations import VERSIONS
from tests.chaos.points import points
from tests.chaos.secrets import twice
from tests.chaos.tally import Tally
from tests.mortal.bot import KEY

PACE = Pace(longest=0.6, named_longest=0.6, lives=10, held=0, free=0)


@pytest.fixture
def source(tmp_path):
    return repository(tmp_path / "wallet").path


@pytest.mark.slow
async def test_twenty_kills(town, nursery, source, tmp_path):
    """At named points and anywhere, people in a hurry around it: nothing twice, nothing lost, all of it settled."""
    seed = random.randrange(10**6)
    lane = Lane(town, nursery, random.Random(seed), source, tmp_path, PACE)
    tally = Tally(20, time.monotonic() + 240)

    await lane.run(tally)

    assert not tally.wrong, f"seed {seed}: {tally.wrong}"
    assert tally.kills >= 20
    assert tally.acked
    assert tally.alerts
    blind_to_secrets(town, lane)
    blind_to_migrations(lane)
    blind_to_silence(lane.checker)


def blind_to_silence(checker) -> None:
    """Who was told something an hour ago was not answered by that."""
    with checker.opened() as db:
        sql = """SELECT key FROM deliveries WHERE kind = 'click' OR (kind = 'command' AND outcome <> 'answered')"""
        (key,) = db.conn.execute(sql).fetchone()
    for planted in (Handed("click", key, "U0ANA"), Handed("submission", key, "U0ANA", action="aikeys:deny")):
        checker.ledger.acked.append(planted)
        assert any("acknowledged and never answered" in one for one in checker.wrong()), planted.kind


def blind_to_secrets(town, lane) -> None:
    """What the judge would say had Supabase taken otherwise."""
    taken = town.project.state.secrets_taken
    taken.append(Taken({"CHAOS_KEY": digest("of nobody")}, live=True))
    assert any("that nobody entered" in one for one in lane.checker.wrong())
    lane.secrets.given["approval/999"]["CHAOS_KEY"] = ["of nobody"]
    assert any("approval/999 was set without an approval" in one for one in lane.checker.wrong())
    del taken[-1], lane.secrets.given["approval/999"]


@pytest.mark.parametrize(
    ("taken", "is_twice"),
    [([], False), ([True], False), ([False, True], False), ([True, False], True), ([True] * 2, True)],
)
def test_what_was_live_is_set_no_second_time(taken, is_twice):
    assert twice(taken) is is_twice


def blind_to_migrations(lane) -> None:
    """What the judge would say had the database counted otherwise, or were it said otherwise in the channel."""
    world, newest = lane.migrations.world, VERSIONS[-2]
    world.counted[newest, "up"] = 1
    wrong = lane.checker.wrong()
    assert any(f"{newest} up: it happened 1 times; the history has 0 to 0" in one for one in wrong)
    assert any(f"{newest} is in effect 1 times; in the project's history: False" in one for one in wrong)
    world.points["of-nobody"] = 1
    assert any("the restore point of-nobody was made 1 times" in one for one in lane.checker.wrong())
    del world.counted[newest, "up"], world.points["of-nobody"]
    text = f"✅ Migrate: Done. (✓ Look at the history; ✓ Apply {newest})"
    payload = {"event_type": "a judge's", "event_payload": {"key": "operation/999/progress"}}
    message = Message(OPS, "0.1", "U0BOT", text, metadata=payload)
    timeline = lane.crowd.hands.slack.state.timelines[OPS]
    timeline["0.1"] = message
    assert any(f"the channel says that {newest} went up 1 times" in one for one in lane.checker.wrong())
    del timeline["0.1"]


def test_a_death_is_looked_at(tmp_path):
    """A file that is whole, one whose guard is gone, one that is damaged, and none."""
    path = tmp_path / "aikeys.sqlite"
    assert not examined(path, KEY).wrong
    store = open_store(path, audit_key=KEY)
    store.events.append("incident/1", "incident.note", "U0ANA", {}, datetime(2026, 11, 23, tzinfo=UTC))
    store.close()
    found = examined(path, KEY)
    assert not found.wrong
    assert found.took
    assert not found.migrating
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("DROP TRIGGER events_are_never_changed")
    assert any("the history is not good" in one for one in examined(path, KEY).wrong)
    path.write_bytes(path.read_bytes()[:9000])
    assert any("is not whole" in one or "cannot be read" in one for one in examined(path, KEY).wrong)


def blind(town, checker) -> None:
    """What the judge would say had the world seen otherwise."""
    deploys, slack = town.project.state.deploys, town.slack
    newest = deploys[-1]
    deploys.append(newest)
    assert any("took effect 2 times" in one for one in checker.wrong())
    deploys[-1] = replace(newest, version=newest.version + 1)
    assert any("the history has None for it" in one for one in checker.wrong())
    del deploys[-2:]
    assert any("never took effect" in one for one in checker.wrong())
    deploys.append(newest)
    timeline = slack.state.timelines["C0OPS"]
    letter = next(one for one in timeline.values() if one.metadata and one.metadata["event_type"] == "aikeys_letter")
    timeline["again"] = letter
    assert any("was said 2 times" in one for one in checker.wrong())
    del timeline["again"], timeline[letter.ts]
    assert any("stands in 0 places" in one for one in checker.wrong())


@pytest.mark.slow
async def test_a_thousand_clicks_on_one_card(town, nursery, source, tmp_path):
    """Fifty people over the real sockets, a tenth repeated: one decision, everybody told on their own response_url."""
    clicking = Clicking(town, nursery, random.Random(7), source, tmp_path)

    done = await clicking.run(1, 1000)

    assert not done.wrong, done.wrong
    assert done.clicks == 1000
    assert done.again
    assert done.decided.total() == 1  # by whom is a race: a no asks nothing outside, and wins on a machine that is slow
    if done.decided["granted"]:
        blind(town, clicking.checker)


def test_the_points_are_the_products():
    """All names that the product logs on its way, found in its source."""
    found = Counter(points())
    assert {"inbox.committed", "step.intent", "step.effect", "step.result", "step.question"} <= set(found)
    assert {"approval.requested", "approval.settled", "operation.finished"} <= set(found)
    assert {"letter.intent", "letter.effect", "letter.result", "letter.edited", "inbox.acked"} <= set(found)
    assert {"alerts.committed", "timer.fired", "vault.kept", "errand.intent", "incident.moved"} <= set(found)
    assert not [one for one in found if "failed" in one or "broke" in one]
