"""A piece of `make chaos` in the gate: twenty kills, a thousand clicks on one card, and a judge that is not blind."""

import random
import time
from collections import Counter
from dataclasses import replace

import pytest

from playground.supabase.state import Taken, digest
from tests.chaos.clicks import Clicking
from tests.chaos.lane import Lane, Pace, repository
from tests.chaos.ledger import Handed
from tests.chaos.points import points
from tests.chaos.tally import Tally

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
    blind_to_silence(lane.checker)


def blind_to_silence(checker) -> None:
    """Who was told something an hour ago was not answered by that."""
    with checker.opened() as db:
        (key,) = db.conn.execute("SELECT key FROM deliveries WHERE kind = 'click' LIMIT 1").fetchone()
    checker.ledger.acked.append(Handed("click", key, "U0ANA"))
    assert any("acknowledged and never answered" in one for one in checker.wrong())


def blind_to_secrets(town, lane) -> None:
    """What the judge would say had Supabase taken otherwise."""
    taken = town.project.state.secrets_taken
    taken.append(Taken({"CHAOS_KEY": digest("of nobody")}, live=True))
    assert any("that nobody entered" in one for one in lane.checker.wrong())
    lane.secrets.given["approval/999"]["CHAOS_KEY"] = ["of nobody"]
    assert any("approval/999 was set without an approval" in one for one in lane.checker.wrong())
    del taken[-1], lane.secrets.given["approval/999"]


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
