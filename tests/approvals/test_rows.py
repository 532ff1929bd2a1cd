"""Approvals and reviews as they are read back, field by field; what the rows themselves refuse; nothing by halves."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest

from store.approvals import DECISIONS, Approval, Vote
from store.errors import BadEvent, Edited, TooLate
from store.reviews import Review
from tests.approvals.conftest import NOON
from tests.store.harness import failing_transaction

SOON, LATER = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
END = NOON + timedelta(minutes=30)


def requested(store, plan_json, thing="function/health", by="UANA", **more):
    return store.approvals.request(
        by, plan_json(thing), "d" * 64, NOON, expires_at=END, needed=2, where={"channel": "C1"}, reason="a fix", **more
    )


def test_an_approval_from_the_request_to_the_grant(store, plan_json):
    asked, older = requested(store, plan_json)
    plan = plan_json("function/health")
    whole: dict[str, Any] = {"subject": "approval/1", "number": 1, "thing": "function/health", "command": "deploy"} | {
        "line": "deploy health", "title": "Deploy health", "requested_by": "UANA", "requested_at": NOON,
        "expires_at": END, "needed": 2, "alone": False, "digest": "d" * 64, "plan": plan, "where": {"channel": "C1"},
        "reason": "a fix", "votes": (), "state": "pending",
    }  # fmt: skip
    assert (asked, older) == (Approval(**whole), None)
    once = store.approvals.vote(asked, "UBEN", SOON, roles_age="5 minutes")
    votes = (Vote("UBEN", SOON, "5 minutes"),)
    assert once == Approval(**whole | {"votes": votes})
    twice = store.approvals.vote(once, "UCY", LATER)
    data = {"operation": "operation/4", "roles_age": "1 h"}
    granted = store.approvals.decide(twice, "granted", "UCY", LATER, reason="looks well", data=data)
    end: dict[str, Any] = {
        "votes": (*votes, Vote("UCY", LATER)),
        "state": "granted",
        "decided_by": "UCY",
        "decided_at": LATER,
    }
    assert granted == Approval(**whole | end, decision="looks well", operation="operation/4", roles_age="1 h")
    assert store.approvals.get("approval/1") == granted
    (event,) = [one for one in store.events.of("approval/1") if one.kind == "approval.granted"]
    assert event.data == {"digest": "d" * 64} | data


def test_denied_without_a_word_it_says_nothing(store, plan_json):
    asked, _ = requested(store, plan_json, alone=True)
    denied = store.approvals.decide(asked, "denied", "UBEN", SOON)
    assert (denied.alone, denied.state, denied.decision, denied.glass, denied.operation) == (True, "denied", "", "", "")
    assert store.events.latest("approval.denied").data == {}
    with pytest.raises(ValueError, match="no decision"):
        store.approvals.decide(asked, "voted", "UBEN", SOON)


def test_which_wait_and_which_were_last(store, plan_json):
    for number in range(3):
        requested(store, plan_json, f"function/{number}")
    newer, older = requested(store, plan_json, "function/1", by="UBEN")
    assert (newer.number, older.state, older.decided_by) == (4, "superseded", "UBEN")
    assert store.events.latest("approval.superseded").data == {"by": "approval/4"}
    assert [one.number for one in store.approvals.pending()] == [1, 3, 4]
    assert [one.number for one in store.approvals.recent(2)] == [4, 3]
    assert store.approvals.pending_for("function/1").number == 4
    assert store.approvals.pending_for("function/9") is None
    assert store.approvals.get("approval/9") is None
    with pytest.raises(TooLate):
        store.approvals.vote(older, "UCY", SOON)


def test_a_request_that_fails_supersedes_nothing(store, plan_json):
    asked, _ = requested(store, plan_json)
    with pytest.raises(BadEvent):
        store.approvals.request("UBEN", plan_json("function/health"), "short", NOON, expires_at=END, needed=1)
    assert store.approvals.pending() == [asked]


@pytest.mark.parametrize(
    "wrong", [{"digest": "d" * 63}, {"needed": 0}, {"needed": 10}, {"alone": 2}, {"thing": None}, {"expires_at": None}]
)
def test_a_request_that_makes_no_sense_is_refused(store, wrong):
    data = {"number": 1, "thing": "t", "expires_at": "2026", "needed": 1, "alone": 0, "digest": "d" * 64}
    for needed in (1, 9):
        with failing_transaction(store):
            store.events.append("approval/1", "approval.requested", "UANA", data | {"needed": needed}, NOON)
    with pytest.raises(BadEvent):
        store.events.append("approval/1", "approval.requested", "UANA", data | wrong, NOON)


def test_the_table_itself_knows_what_goes_together(store, asked):
    asked()
    for sql in ("state = 'granted'", "state = 'forgotten', decision_id = 1", "decision_id = 1"):
        with pytest.raises(sqlite3.IntegrityError):
            store.db.execute(f"UPDATE approvals SET {sql}")


def test_what_is_decided_of_one_leaves_the_others(store, plan_json):
    one, _ = requested(store, plan_json, "function/1")
    two, _ = requested(store, plan_json, "function/2", by="UBEN")
    store.approvals.vote(one, "UBEN", SOON)
    store.approvals.vote(one, "UCY", SOON)
    with pytest.raises(TooLate):
        store.approvals.decide(two, "granted", "UCY", SOON)  # the votes were for the other
    with pytest.raises(TooLate):
        store.approvals.decide(two, "withdrawn", "UANA", SOON)  # whose was the other
    store.approvals.vote(two, "UANA", SOON)
    store.approvals.decide(one, "granted", "UCY", SOON)
    assert store.approvals.get(two.subject).state == "pending"
    store.approvals.decide(two, "expired", "bot", END)
    assert store.approvals.get(one.subject).state == "granted"
    with pytest.raises(TooLate):
        store.events.append(one.subject, "approval.requested", "UANA", {}, NOON)


def test_each_is_granted_by_its_own_plan(store, plan_json, asked):
    other = {"expires_at": END, "needed": 1}
    store.approvals.request("UANA", plan_json("function/2"), "e" * 64, NOON, **other)
    approval = store.approvals.vote(asked(), "UBEN", SOON)
    assert store.approvals.decide(approval, "granted", "UBEN", SOON).state == "granted"


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decided_one_that_is_put_back_past_the_bot_is_not_decided_again(store, asked, decision):
    approval = store.approvals.vote(asked(), "UBEN", SOON)
    who, at = ("UANA", SOON) if decision == "withdrawn" else ("UBEN", END if decision == "expired" else SOON)
    store.approvals.decide(approval, decision, who, at)
    store.db.execute("UPDATE approvals SET state = 'pending', decision_id = NULL")
    with pytest.raises(TooLate):
        store.approvals.decide(approval, decision, who, at)


def test_a_row_that_rests_on_no_event_is_called_edited(store, asked):
    asked()
    store.db.execute("UPDATE approvals SET request_id = 99")
    with pytest.raises(Edited, match="approval/1 in the table approvals rests on row 99"):
        store.approvals.get("approval/1")


def test_so_is_one_that_rests_on_an_event_of_another_kind(store, asked):
    asked()
    other = store.events.append("incident/1", "incident.noted", "UANA", {}, SOON)
    store.db.execute("UPDATE approvals SET request_id = ?", (other.id,))
    with pytest.raises(Edited, match="approval/1 in the table approvals rests on row with 'plan' of the timeline"):
        store.approvals.pending()


def test_a_vote_and_a_grant_are_in_time_until_the_last_moment(store, asked):
    last = END - timedelta(microseconds=1)
    approval = store.approvals.vote(asked(), "UBEN", last)
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "granted", "UBEN", END)
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "expired", "bot", last)
    assert store.approvals.decide(approval, "granted", "UBEN", last).state == "granted"


def due(store, of="2026-11", **more):
    return store.reviews.due("admins", of, NOON, evidence="Two admins.", data={"admins": 2}, **more)


def test_a_review_from_its_day_to_its_signature(store):
    review = due(store)
    whole: dict[str, Any] = {
        "subject": "review/admins/2026-11", "kind": "admins", "of": "2026-11", "not_by": "", "incident": "",
        "due_at": NOON, "looked_at": NOON, "evidence": "Two admins.", "asked_at": NOON, "reminders": 0,
        "escalated_at": None, "state": "open",
    }  # fmt: skip
    facts = {"kind": "admins", "of": "2026-11", "not_by": "", "incident": "", "admins": 2}
    assert review == Review(**whole, data=facts)
    assert store.events.of(review.subject)[0].actor == "bot"
    for minute in (1, 2):
        store.reviews.remind(review, NOON + timedelta(minutes=minute))
    store.reviews.escalate(review, NOON + timedelta(minutes=3), "UDEE")
    whole |= {"reminders": 2, "asked_at": NOON + timedelta(minutes=3), "escalated_at": NOON + timedelta(minutes=3)}
    assert store.reviews.get(review.subject) == Review(**whole, data=facts)
    assert store.events.latest("review.escalated").data == {"to": "UDEE"}
    with pytest.raises(TooLate):
        store.reviews.escalate(review, END, "UDEE")
    looked = store.reviews.looked(review, "bot", END, "Three admins.", {"admins": 3})
    whole |= {"looked_at": END, "evidence": "Three admins."}
    assert looked == Review(**whole, data={"admins": 3})
    signed = store.reviews.sign(looked, "UBEN", END, "as it should be")
    whole |= {"state": "signed", "by": "UBEN", "at": END, "note": "as it should be"}
    assert signed == Review(**whole, data={"admins": 3})
    assert "evidence" in store.events.latest("review.signed").data
    for move in (
        lambda: store.reviews.looked(review, "bot", END, "", {}), lambda: store.reviews.remind(review, END),
        lambda: store.reviews.escalate(review, END, ""), lambda: store.reviews.miss(review, END),
        lambda: store.reviews.sign(review, "UCY", END, ""), lambda: due(store),
    ):  # fmt: skip
        with pytest.raises(TooLate):
            move()


def test_a_review_that_is_over_or_never_was_is_neither_moved_nor_signed(store):
    """Another waits meanwhile; what is refused leaves nothing. Who may not sign that one may sign this."""
    over, waits = due(store, "2026-10"), due(store, "2026-11", not_by="UANA")
    assert store.reviews.sign(over, "UANA", NOON, "").note == ""
    for subject in (over.subject, "review/admins/2025-01"):
        before = store.events.of(subject)
        for kind in ("looked", "reminded", "escalated", "signed", "missed"):
            with pytest.raises(TooLate):
                store.events.append(subject, f"review.{kind}", "UBEN", {}, NOON)
        assert store.events.of(subject) == before
    assert store.reviews.open() == [waits]
    store.reviews.remind(waits, NOON)
    assert store.reviews.miss(due(store, "2026-09"), NOON).state == "missed"
    assert {store.events.latest(f"review.{kind}").actor for kind in ("reminded", "missed")} == {"bot"}
    store.events.append("review/admins/1", "review.due", "bot", {"kind": "admins", "of": "1"}, NOON)
    assert (store.reviews.get("review/admins/1").not_by, store.reviews.get("review/admins/1").incident) == ("", "")
    bare = store.reviews.due("policies", "2026-11", NOON)
    assert (bare.evidence, bare.note) == ("", "")
    waits = store.reviews.escalate(waits, SOON, "")
    assert store.reviews.escalate(bare, LATER, "").escalated_at == LATER, "each once"
    assert store.reviews.get(waits.subject) == waits


def test_which_reviews_wait_and_which_are_over(store, asked):
    for month in ("2026-08", "2026-09", "2026-10"):
        due(store, month)
    glass = store.reviews.due("glass", "approval/7", NOON, not_by="UANA", incident="incident/2", evidence="it burns")
    assert (glass.not_by, glass.incident, glass.by, glass.at, glass.note) == ("UANA", "incident/2", "", None, "")
    assert store.events.of(glass.subject)[0].actor == "UANA"
    first, second, third = store.reviews.open("admins")
    assert [one.of for one in (first, second, third)] == ["2026-08", "2026-09", "2026-10"]
    assert store.reviews.open() == [first, second, third, glass]
    store.reviews.sign(second, "UBEN", NOON, "")
    store.reviews.miss(first, NOON)
    assert [(one.of, one.state) for one in store.reviews.recent()] == [("2026-08", "missed"), ("2026-09", "signed")]
    assert [one.of for one in store.reviews.recent(1)] == ["2026-08"]
    assert store.reviews.open() == [third, glass]
    assert store.reviews.last("admins") == third
    assert store.reviews.last("policies") is store.reviews.last_signed("glass") is None
    assert store.reviews.last_signed("admins").of == "2026-09"
    assert store.reviews.glass_of("approval/7") == glass
    assert store.reviews.glass_of("2026-08") is store.reviews.get("review/admins/2025-01") is None
    with pytest.raises(TooLate):
        store.reviews.miss(glass, NOON)
    for who in ("bot", "UANA"):
        with pytest.raises(TooLate):
            store.reviews.sign(glass, who, NOON, "")
    assert store.reviews.tally(NOON) == {"review.due": 4, "review.signed": 1, "review.missed": 1}
    assert store.reviews.tally(SOON) == {}


@pytest.mark.parametrize("other", [{"of": "approval/2"}, {"kind": "admins"}, {"not_by": "UBEN"}])
def test_acting_alone_leaves_a_review_of_its_own(store, asked, other):
    approval, under = asked(needed=2), store.incidents.open("P0", "down", "k", NOON)
    facts = {"digest": approval.digest, "glass": under}
    review: dict[str, Any] = {"kind": "glass", "of": approval.subject, "not_by": "UANA"}

    def grant():
        store.events.append(approval.subject, "approval.granted", "UANA", facts, NOON, text="it burns")

    with failing_transaction(store):
        store.reviews.due(at=NOON, incident=under, **review)
        grant()
        assert store.approvals.get(approval.subject).glass == under
    with failing_transaction(store):
        store.reviews.due(at=NOON, incident=under, **review | other)
        with pytest.raises(TooLate):
            grant()
    store.reviews.sign(store.reviews.due(at=NOON, incident=under, **review), "UBEN", NOON, "")
    with pytest.raises(TooLate):
        grant()  # that one is signed


def test_acting_alone_is_granted_and_reviewed_or_neither(store, asked):
    approval, under = asked(), store.incidents.open("P0", "down", "k", NOON)
    lesser = store.incidents.open("P1", "slow", "l", NOON)
    with pytest.raises(TooLate):  # an emergency there is, and this is not it
        store.approvals.decide(approval, "granted", "UANA", NOON, data={"glass": lesser}, reason="it burns")
    with pytest.raises(TooLate):
        store.approvals.decide(approval, "granted", "UANA", END, data={"glass": under}, reason="it burns")
    assert store.reviews.open() == []
    store.approvals.decide(approval, "granted", "UANA", NOON, data={"glass": under}, reason="it burns")
    (review,) = store.reviews.open("glass")
    assert (review.data["title"], review.evidence, review.incident) == ("Deploy health", "it burns", under)
    assert (review.of, review.not_by) == (approval.subject, "UANA")
