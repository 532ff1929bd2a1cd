"""The schema alone keeps the two-person rule: whatever the code above it forgets, the row is refused."""

from datetime import timedelta

import pytest

from store.audit import verify
from store.errors import BadEvent, TooLate
from tests.approvals.conftest import NOON
from tests.running import KEY

DECISIONS = ("denied", "withdrawn", "superseded")


def test_asked_voted_granted(store, asked):
    approval = asked()
    approval = store.approvals.vote(approval, "UBEN", NOON)
    granted = store.approvals.decide(approval, "granted", "UBEN", NOON, data={"operation": "operation/1"})
    assert (granted.state, granted.decided_by, granted.operation) == ("granted", "UBEN", "operation/1")
    assert [vote.user for vote in granted.votes] == ["UBEN"]
    assert store.approvals.pending() == []
    assert verify(store.db, KEY).ok


def test_granted_without_a_vote_is_refused(store, asked):
    with pytest.raises(TooLate):
        store.approvals.decide(asked(), "granted", "UBEN", NOON)
    assert store.approvals.pending_for("function/health").state == "pending"


def test_two_are_needed(store, asked):
    approval = store.approvals.vote(asked(needed=2), "UBEN", NOON)
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "granted", "UBEN", NOON)
    with pytest.raises(TooLate):
        store.approvals.vote(approval, "UBEN", NOON)
    approval = store.approvals.vote(approval, "UCAROL", NOON)
    assert store.approvals.decide(approval, "granted", "UCAROL", NOON).state == "granted"


def test_nobody_approves_what_they_asked_for(store, asked):
    approval = asked()
    with pytest.raises(TooLate):
        store.approvals.vote(approval, "UANA", NOON)
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "granted", "UANA", NOON)


def test_a_team_of_one_does(store, asked):
    approval = store.approvals.vote(asked(alone=True), "UANA", NOON)
    assert store.approvals.decide(approval, "granted", "UANA", NOON).state == "granted"


def test_another_plan_is_not_granted(store, asked):
    approval = store.approvals.vote(asked(), "UBEN", NOON)
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "granted", "UBEN", NOON, data={"digest": "e" * 64})


def test_expired_by_the_clock_alone(store, asked):
    """The timer may be late; the vote is too late all the same."""
    approval = store.approvals.vote(asked(needed=2), "UCAROL", NOON)
    with pytest.raises(TooLate):
        store.approvals.vote(approval, "UBEN", NOON + timedelta(minutes=30))
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "expired", "bot", NOON + timedelta(minutes=29))
    assert store.approvals.decide(approval, "expired", "bot", NOON + timedelta(minutes=30)).state == "expired"


@pytest.mark.parametrize("first", DECISIONS)
@pytest.mark.parametrize("second", [*DECISIONS, "granted", "expired"])
def test_one_decision(store, asked, first, second):
    approval = store.approvals.vote(asked(needed=1), "UBEN", NOON)
    store.approvals.decide(approval, first, "UANA", NOON)
    with pytest.raises(TooLate):
        store.approvals.decide(approval, second, "UANA", NOON + timedelta(hours=1))
    with pytest.raises(TooLate):
        store.approvals.vote(approval, "UCAROL", NOON)
    assert store.approvals.get(approval.subject).state == first


def test_only_who_asked_withdraws(store, asked):
    with pytest.raises(TooLate):
        store.approvals.decide(asked(), "withdrawn", "UBEN", NOON)


def test_a_newer_request_supersedes(store, asked, plan_json):
    older = asked()
    newer, gone = store.approvals.request(
        "UBEN", plan_json(commit="def"), "e" * 64, NOON, expires_at=NOON + timedelta(minutes=30), needed=1
    )
    assert gone.subject == older.subject
    assert (gone.state, gone.decided_by) == ("superseded", "UBEN")
    assert [one.subject for one in store.approvals.pending()] == [newer.subject]
    assert asked(thing="function/other").number == 3
    assert len(store.approvals.pending()) == 2


def test_what_was_never_asked_for_is_not_decided(store, asked):
    ghost = asked()
    for kind in ("approval.granted", "approval.voted", "approval.denied", "approval.expired"):
        with pytest.raises(TooLate):
            store.events.append("approval/99", kind, "UBEN", {"digest": ghost.digest, "glass": None}, NOON)


def test_a_request_without_its_fields_is_refused(store):
    with pytest.raises(BadEvent):
        store.events.append("approval/1", "approval.requested", "UANA", {"number": 1}, NOON)


def test_broken_glass_needs_a_reason_an_emergency_and_another_persons_signature(store, asked):
    approval = asked(needed=2)
    glass = {"glass": store.incidents.open("P1", "slow", "k", NOON)}
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "granted", "UANA", NOON, data=glass, reason="only a P1")
    glass = {"glass": store.incidents.open("P0", "down", "l", NOON)}
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "granted", "UANA", NOON, data=glass)
    assert store.reviews.open() == [], "what was refused leaves nothing"
    store.approvals.decide(approval, "granted", "UANA", NOON, data=glass, reason="it burns")
    (review,) = store.reviews.open()
    assert (review.subject, review.not_by, review.incident) == ("review/glass/1", "UANA", "incident/2")
    assert review.evidence == "it burns"
    for who in ("UANA", "bot"):
        with pytest.raises(TooLate):
            store.reviews.sign(review, who, NOON, "fine")
    with pytest.raises(TooLate):
        store.reviews.miss(review, NOON)
    signed = store.reviews.sign(review, "UBEN", NOON, "rightly so")
    assert (signed.state, signed.by, signed.note) == ("signed", "UBEN", "rightly so")
    assert store.reviews.open() == []
    with pytest.raises(TooLate):
        store.reviews.sign(review, "UCAROL", NOON, "me too")


def test_nobody_acts_alone_without_leaving_a_review(store, asked):
    """Whatever the code above forgets: the row itself is refused."""
    approval = asked()
    under = store.incidents.open("P0", "down", "k", NOON)
    facts = {"digest": approval.digest, "glass": under}
    with pytest.raises(TooLate):
        store.events.append(approval.subject, "approval.granted", "UANA", facts, NOON, text="it burns")
    store.reviews.due("glass", approval.subject, NOON, not_by="UCAROL", incident=under)
    with pytest.raises(TooLate):
        store.events.append(approval.subject, "approval.granted", "UANA", facts, NOON, text="it burns")
