"""Three minutes after a deploy the bot says whether it is worse than before; the operation has long freed its lock."""

from datetime import UTC, datetime

import pytest

from bot.clients.errors import FunctionRefused
from bot.clients.wallet import Wallet
from bot.clock import SystemClock
from bot.deploys.record import history
from bot.deploys.verdict import called, compared, deliveries
from bot.health.answers import Deliveries
from bot.questions.functions import Figures
from bot.views.deploys import line
from store.samples import Sample
from tests.chat import words
from tests.clocks import Moved
from tests.deploys import WEBHOOK, buttons, has_button
from tests.running import unwatched
from tests.wait import eventually


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def moved() -> Moved:
    return Moved()


@pytest.fixture
async def bot(settings, moved):
    async with unwatched(settings, moved) as bot:
        yield bot


async def deployed(deploying, bot, line=f"deploy {WEBHOOK}"):
    card = await deploying.asks(line)
    await deploying.click("ben", card, "Approve")
    await eventually(lambda: bot.store.operations.recent(1) and bot.store.operations.recent(1)[0].state == "done")


async def fails(project, slug):
    """From now on; four callers meet it."""
    project.state.functions[slug].failure = "WORKER_ERROR"
    caller = Wallet(project.functions_url, SystemClock(), project.ref)
    for _ in range(4):
        with pytest.raises(FunctionRefused):
            await caller.deliver(slug, b"{}", {})
    await caller.close()


@pytest.mark.parametrize("later", [{"minutes": 3, "seconds": 2}, {"days": 2}])
async def test_all_is_well(deploying, bot, moved, later):
    """Also where the bot was away for longer than one question about the logs may reach."""
    await deployed(deploying, bot)
    assert bot.store.operations.holder(bot.target.ref) is None
    await moved.passes(**later)
    told = await deploying.card("No worse than before")
    assert "refuses an unsigned event" in words(told)
    assert not buttons(told)
    assert "no worse than before" in line(history(bot.store, WEBHOOK)[0])


async def worse(deploying, bot, moved, project):
    """Deployed, and three minutes later it crashes; returns what is said then."""
    await deployed(deploying, bot)
    project.state.functions[WEBHOOK].failure = "WORKER_ERROR"
    await moved.passes(minutes=3, seconds=2)
    return await deploying.card("worse than before*")


async def test_worse_comes_with_the_way_back_ready(deploying, chat, bot, moved, project):
    """In the deploy's own thread, asked for by the bot: one click of an approver brings it back."""
    before = dict(project.state.functions[WEBHOOK].files)
    told = await worse(deploying, bot, moved, project)
    assert "The way back is ready" in words(told)
    assert not buttons(told), "one way back, not two"

    card = await chat.until(has_button("Approve"))
    assert card["thread_ts"] == told["thread_ts"]
    assert f"Roll back {WEBHOOK} to version" in words(card)
    assert "Asked by the bot itself" in words(card)
    assert "WORKER_ERROR" in words(card)
    assert [one["text"]["text"] for one in buttons(card)] == ["Approve", "Deny"]
    await chat.slack.until(lambda: "Roll back" in str([one.get("files") for one in chat.sees()]))
    await deploying.click("ana", card, "Approve")
    await chat.until("takes an approver", "ana")
    assert len(deploying.effects) == 1

    project.state.functions[WEBHOOK].failure = ""
    await deploying.click("ben", card, "Approve")

    await chat.slack.until(lambda: len(deploying.effects) == 2)
    assert project.state.functions[WEBHOOK].files == before
    await eventually(lambda: bot.store.operations.recent(1)[0].state == "done")
    assert "by the bot itself, approved by <@U0BEN>" in line(history(bot.store, WEBHOOK)[0])
    assert (await deploying.card(f"Rolled back: {WEBHOOK} is at version"))["ts"] == told["ts"]


async def test_an_outage_is_not_blamed_on_the_deploy(deploying, bot, moved, project):
    """Every function fails while the database is away: nothing is judged, no way back is made ready.

    What still fails after it is a verdict, in a message of its own: Slack tells nobody of an edit.
    """
    await deployed(deploying, bot)
    one = bot.store.incidents.open("P0", "Database outage", "database_outage", bot.clock.now())
    project.state.functions[WEBHOOK].failure = "WORKER_ERROR"
    await moved.passes(minutes=3, seconds=2)
    told = await deploying.card("Not judged")
    assert "incident/1 “Database outage” (P0) is open, opened after this deploy began" in words(told)
    assert "worse" not in words(told)
    assert not buttons(told)
    assert bot.store.approvals.pending() == []
    assert history(bot.store, WEBHOOK)[0].worse is None

    bot.store.incidents.resolve(one, "bot", moved.now())
    await moved.passes(minutes=3, seconds=2)
    after = await deploying.card("worse than before*")
    assert after["ts"] != told["ts"]
    assert "compared again after the outage" in words(after)
    assert "The way back is ready" in words(after)
    await deploying.chat.until(has_button("Approve"))


async def test_an_outage_that_reopens_after_a_healthy_deploy_is_not_blamed_on_it(deploying, bot, moved, project):
    """Nor once it is over: it is compared again then, by what was since."""
    incidents, samples = bot.store.incidents, bot.store.samples
    one = incidents.open("P0", "Database outage", "database_outage", bot.clock.now())
    incidents.resolve(one, "bot", bot.clock.now())
    await moved.passes(minutes=2)
    await deployed(deploying, bot, "deploy health")
    await moved.passes(seconds=20)
    samples.keep([Sample(moved.now(), "wallet", part, "ok", 90.0) for part in ("", "database")])
    await moved.passes(seconds=60)
    incidents.move(one, "incident.reopened", "bot", moved.now())
    project.state.functions["health"].failure = "WORKER_ERROR"
    await moved.passes(seconds=110)
    told = await deploying.card("Not judged")
    assert "incident/1 “Database outage” (P0) is open, opened after this deploy began" in words(told)
    assert "compare again three minutes after its end" in words(told)
    assert not buttons(told)
    assert bot.store.approvals.pending() == []

    project.state.functions["health"].failure = ""
    incidents.resolve(one, "bot", moved.now())
    await moved.passes(minutes=3, seconds=2)
    over = await deploying.card("No worse than before")
    assert over["ts"] == told["ts"]
    assert "compared again after the outage" in words(over)
    assert history(bot.store, "health")[0].worse is False
    assert not [one for one in bot.store.timers.waiting() if one.kind == "deploy.watched"]


async def test_what_failed_from_the_deploy_on_is_blamed_though_an_outage_came_later(deploying, bot, moved, project):
    await deployed(deploying, bot)
    await fails(project, WEBHOOK)
    await moved.passes(seconds=60)
    bot.store.samples.keep([Sample(moved.now(), "wallet", "database", "ok", 9.0)])
    await moved.passes(seconds=10)
    bot.store.incidents.open("P0", "Database outage", "database_outage", moved.now())
    await moved.passes(seconds=112)
    told = await deploying.card("worse than before*")
    assert f"{WEBHOOK}: 4 of 4 calls failed since" in words(told)
    assert "The way back is ready" in words(told)


async def test_after_a_deploy_of_all_the_one_that_fails_is_named_and_has_its_way_back(deploying, bot, moved, project):
    """By its own calls, from the logs: nothing else would tell, since nothing harmless is known to call it."""
    slug = "log-security-event"
    await deployed(deploying, bot, "deploy all")
    await fails(project, slug)
    await moved.passes(minutes=3, seconds=2)
    told = words(await deploying.card("worse than before*"))
    assert f"{slug}: 4 of 4 calls failed since" in told
    assert WEBHOOK not in told.replace("Deploy", ""), "what is well is not listed with it"
    assert f"The way back of {slug} is ready" in told
    await deploying.chat.until(lambda one: has_button("Approve")(one) and f"Roll back {slug}" in words(one))
    assert len(bot.store.approvals.pending()) == 1
    assert [history(bot.store, one)[0].worse for one in (slug, WEBHOOK)] == [True, False]


async def test_it_is_taken_back_when_something_else_came_first(deploying, chat, bot, moved, project):
    """`deploy all`, for instance, asks about another thing, and still makes it moot."""
    await worse(deploying, bot, moved, project)
    card = await chat.until(has_button("Approve"))
    bot.changes.requests.overtaken(f"function/{WEBHOOK}", "Deploy 2 functions came first")
    over = await deploying.card("Withdrawn by the bot itself: “Deploy 2 functions came first”")
    await chat.slack.until(lambda: not [one for one in chat.sees() if has_button("Approve")(one)])
    assert over["thread_ts"] == card["thread_ts"]
    assert bot.store.approvals.pending() == []


async def test_who_rolls_back_by_hand_supersedes_it(deploying, chat, bot, moved, project):
    await worse(deploying, bot, moved, project)
    await chat.until(has_button("Approve"))
    await chat.says("ana", f"/aikeys rollback {WEBHOOK}")
    await chat.until("Superseded by a newer request of <@U0ANA>")
    assert [one.requested_by for one in bot.store.approvals.pending()] == ["U0ANA"]


async def test_nothing_is_asked_for_where_somebody_asked_already(deploying, chat, bot, moved, project):
    """Ana has seen it herself: her request stands, and the verdict says so."""
    await deployed(deploying, bot)
    await chat.says("ana", f"/aikeys rollback {WEBHOOK}")
    await chat.until(has_button("Approve"))
    project.state.functions[WEBHOOK].failure = "WORKER_ERROR"
    await moved.passes(minutes=3, seconds=2)
    told = await deploying.card("worse than before*")
    assert "Asked for already: Roll back" in words(told)
    assert [one.requested_by for one in bot.store.approvals.pending()] == ["U0ANA"]


async def test_nothing_is_asked_for_where_it_was_changed_since(deploying, bot, moved, project):
    await deployed(deploying, bot)
    bot.store.events.append(
        f"function/{WEBHOOK}", "deploy.finished", "U0CY", {"function": WEBHOOK, "ok": 1, "operation": ""}, moved.now()
    )
    project.state.functions[WEBHOOK].failure = "WORKER_ERROR"
    await moved.passes(minutes=3, seconds=2)
    told = await deploying.card("worse than before*")
    assert "was changed since, so I ask for no roll back myself. If it is still right: press Roll back" in words(told)
    assert [one["text"]["text"] for one in buttons(told)] == ["Roll back"]
    assert bot.store.approvals.pending() == []


def looks(state, *latencies):
    return [Sample(datetime(2026, 11, 23, tzinfo=UTC), "wallet", "", state, one) for one in latencies]


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (looks("ok", 100.0, 110.0), looks("ok", 120.0), False),
        (looks("ok", 100.0), looks("ok", 250.0), False),  # twice as slow, and still fast
        (looks("ok", 200.0), looks("ok", 900.0), True),
        (looks("ok", 100.0), looks("failed", None), True),
        (looks("failed", None), looks("failed", None), False),  # no worse than it was
        ([], [], False),
    ],
)
def test_after_against_before(before, after, worse):
    assert compared(before, after).worse is worse


@pytest.mark.parametrize(
    ("counted", "worse"),
    [(Deliveries(50, 1, 10, 0), False), (Deliveries(50, 9, 10, 9), True), (Deliveries(0, 0, 0, 0), False)],
)
def test_deliveries_after_against_before(counted, worse):
    assert deliveries(counted).worse is worse


def calls(number, failed, p95=100.0):
    return Figures(number, failed, 0, 0, 0, 50.0, p95)


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (None, None, False),
        (calls(60, 0), calls(0, 0), False),
        (calls(60, 0), calls(4, 1), False),  # one may be a caller's odd request
        (calls(60, 0), calls(4, 2), True),
        (None, calls(3, 3), True),
        (calls(60, 30), calls(10, 5), False),  # no worse than it was
        (calls(60, 0, p95=200.0), calls(30, 0, p95=900.0), True),
        (calls(60, 0, p95=200.0), calls(9, 0, p95=900.0), False),  # too few: the first start cold
        (calls(60, 0, p95=100.0), calls(30, 0, p95=250.0), False),  # twice as slow, and still fast
    ],
)
def test_calls_after_against_before(before, after, worse):
    assert called("f", before, after).worse is worse
