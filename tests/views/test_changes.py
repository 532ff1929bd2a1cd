"""Approvals, operations and the record of deploys: within Slack's limits, and nothing in them is markup not ours."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.approvals.policy import RiskClass
from bot.deploys.record import Deployed
from bot.plan import Plan
from bot.sources import Commit, Distance
from bot.views import approval as approvals
from bot.views import deploys, reasons
from bot.views import operation as operations
from bot.views.blocks import Message
from playground.blockkit import check_view
from store.approvals import Approval, Vote
from store.operations import Attempt, Freeze, Operation
from store.reviews import Review
from store.views import OpenIncident
from tests.problems import problems

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
HOSTILE = "<!channel> *bold* `x` \u202egnp.exe & \x1b[31mred '; drop table x --"
names = st.just(HOSTILE) | st.text(min_size=1, max_size=60)  # what is ours by its shape, such as a step
words = st.just(HOSTILE) | st.text(max_size=60) | st.just("<" * 10_000)
hashes = st.just("ab12" * 10)
commits = st.builds(Commit, hashes, hashes, words, words, st.just(AT), words, words, st.booleans())
incidents = st.builds(OpenIncident, words, st.just("P0"), words, words, st.just(AT), st.just(1))
reviews = st.builds(
    Review, st.just("review/1"), st.just("glass"), words, words, words, st.just(AT), st.just(AT), words,
    st.fixed_dictionaries({"title": words}), st.just(AT), st.just(0), st.none(), st.sampled_from(["open", "signed"]),
    words, st.just(AT), words,
)  # fmt: skip


@st.composite
def plans(draw) -> Plan:
    """Its lines are made as deploys make them, of hostile commits and incidents."""
    shown = [deploys.commit(draw(commits), Distance(1, 2)), *deploys.incidents(draw(st.lists(incidents, max_size=4)))]
    return Plan(
        "deploy", draw(words), draw(names), "function/x", draw(st.sampled_from(list(RiskClass))), {}, shown=shown
    )


@st.composite
def requests(draw) -> Approval:
    plan = draw(plans())
    state = draw(st.sampled_from(["pending", "granted", "denied", "withdrawn", "expired", "superseded"]))
    target = {"ref": draw(words), "name": draw(words)}
    where = {"target": target, "channel": draw(words), "moved": draw(st.sampled_from(["", "I am not there"]))}
    votes = tuple(Vote(one, AT) for one in draw(st.lists(words, max_size=2)))
    return Approval(
        "approval/1", 1, "function/x", "deploy", plan.line, plan.title, draw(words), AT, AT, draw(st.integers(1, 2)),
        draw(st.booleans()), "ab" * 32, plan.to_json(), where, draw(words), votes, state, draw(words), AT, draw(words),
        draw(st.just("") | words),
    )  # fmt: skip


@st.composite
def attempts(draw, step: int) -> Attempt:
    outcome = draw(st.sampled_from(["done", "not-done", "failed", "unknown", None]))
    result = draw(st.fixed_dictionaries({"version": st.integers(1, 9), "said": words}) | st.none())
    return Attempt(step, 1, "a step", AT, outcome, AT, result, draw(words), draw(words))


@st.composite
def works(draw) -> Operation:
    state = draw(st.sampled_from(["running", "needs-human", "done", "failed", "cancelled"]))
    data = {"parts": [{"function": draw(words), "live": {"version": 1}} for _ in range(draw(st.integers(0, 2)))]}
    steps = tuple(draw(st.lists(names, min_size=4, max_size=8)))
    tried = tuple(draw(attempts(at)) for at in range(draw(st.integers(0, len(steps)))))
    return Operation(
        "operation/1", 1, "p", "deploy", draw(names), draw(words), AT, "approval/1", data, {}, steps, tried, state, AT,
        draw(words), draw(st.just("") | words),
    )  # fmt: skip


done = st.builds(
    Deployed, words, st.integers(1, 9) | st.none(), words, st.booleans(), st.just(AT), words, words,
    st.sampled_from(["deploy", "rollback"]), st.none(), words, words, st.none(), words, words, words, st.booleans(),
)  # fmt: skip


def harmless(message: Message) -> None:
    """Slack takes it; no value in it pings, colours, or turns text round."""
    assert not problems(message)
    quiet(message.text)
    for text in marked(list(message.blocks)):
        quiet(text)


def quiet(text: str) -> None:
    assert "<!channel>" not in text
    assert not {"\x1b", "\u202e"} & set(text), text


def marked(value: Any) -> list[str]:
    """Every text of mrkdwn in it."""
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for inner in value.values() for text in marked(inner)]
    return [text for inner in value for text in marked(inner)] if isinstance(value, list) else []


@settings(max_examples=40, phases=[Phase.generate])
@given(requests(), works(), incidents, reviews)
def test_an_approval(asked, work, glass, review):
    harmless(approvals.headline(asked, work, review))
    harmless(approvals.card(asked, glass=glass, review=review))
    harmless(approvals.asked(asked))
    harmless(approvals.elsewhere(asked, asked.reason))
    harmless(approvals.planned(Plan.from_json(asked.plan), asked.reason))
    harmless(approvals.lines([asked], [asked] * 12, glass, {asked.subject: review}))
    for view in (
        reasons.denial(asked.subject, asked.title),
        reasons.breaking(asked, glass.subject, asked.reason),
        reasons.passing(asked, Freeze(asked.reason, AT, AT, asked.reason)),
        reasons.naming(asked, asked.reason or "x"),
        reasons.breaking(asked, glass.subject, asked.reason, asked.title),
    ):
        assert not check_view(view), check_view(view)
        for text in marked(view):
            quiet(text)


@settings(max_examples=40, phases=[Phase.generate])
@given(works(), words, words)
def test_an_operation(work, said, reason):
    harmless(operations.progress(work))
    harmless(operations.watched(work, said, worse=True, back=reason))
    freeze = Freeze(said, AT, AT, reason)
    harmless(operations.lines([work] * 3, freeze))
    harmless(operations.frozen(freeze, AT.replace(year=2025)))


@settings(max_examples=40, phases=[Phase.generate])
@given(st.lists(done, max_size=20), st.none() | words)
def test_the_record(found, function):
    harmless(deploys.history(found, function, [], 20))
