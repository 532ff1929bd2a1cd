"""The story of an incident out of all that happened, and the timeline by its words."""

from datetime import timedelta

import pytest

from store.audit import verify
from store.errors import BadEvent, TooLate
from store.incidents import ASSIGNED, MERGED, PINNED, RATED, SEVERITY
from store.times import to_text
from tests.store.harness import KEY, NOON

HOUR = timedelta(hours=1)
SECRET = "hunter2-Canary-0451"


def opened(store, title="Down", severity="P0", at=NOON):
    return store.incidents.of(store.incidents.open(severity, title, "", at, by="U0ANA"))


def kinds(page):
    return [one.event.kind for one in page.moments]


def test_what_happened_meanwhile_is_in_it_and_nothing_else(store):
    add = store.events.append
    add("function/a", "deploy.finished", "U1", {"function": "a", "ok": 1}, NOON - HOUR)
    incident, other = opened(store), opened(store, "Slow")
    add("function/a", "deploy.finished", "U1", {"function": "a", "ok": 1}, NOON + HOUR)
    add("secret/A", "rotation.finished", "U1", {"ok": 1}, NOON + HOUR)
    add(other.subject, "incident.noted", "U1", {}, NOON + HOUR, text="of another")
    store.incidents.resolve(incident.subject, "U0ANA", NOON + 2 * HOUR)
    add(incident.subject, "incident.noted", "U1", {}, NOON + 5 * HOUR, text="afterwards")
    add("function/a", "deploy.finished", "U1", {"function": "a", "ok": 1}, NOON + 3 * HOUR)

    page = store.story.page(incident, NOON, NOON + 2 * HOUR)

    meanwhile = ["deploy.finished", "rotation.finished"]
    assert kinds(page) == ["incident.opened", *meanwhile, "incident.resolved", "incident.noted"]
    assert not page.more


def test_a_pinned_message_lies_at_its_own_time_and_is_there_once(store):
    incident = opened(store)
    add = store.events.append
    add(incident.subject, "incident.noted", "U1", {}, NOON + HOUR, text="later")
    data = {"channel": "C1", "ts": "1.2", "by": "U2", "occurred": to_text(NOON + HOUR / 2)}
    add(incident.subject, PINNED, "U1", data, NOON + 2 * HOUR, text="it began with the deploy")
    with pytest.raises(TooLate):
        add(incident.subject, PINNED, "U9", data, NOON + 3 * HOUR, text="it began with the deploy")
    page = store.story.page(incident, NOON, NOON + HOUR)
    assert kinds(page) == ["incident.opened", "incident.pinned", "incident.noted"]
    assert page.moments[1].at == NOON + HOUR / 2


def test_within_a_second_it_stands_in_the_order_of_writing(store):
    """A moment is taken before what follows from it is written: that must not look turned round."""
    incident = opened(store)
    later = NOON + HOUR
    store.events.append(incident.subject, "glass.broken", "U1", {}, later + timedelta(milliseconds=4), text="it burns")
    store.events.append("approval/1", "incident.noted", "U1", {}, later, text="approved")
    page = store.story.page(incident, NOON, NOON + 2 * HOUR)
    assert kinds(page) == ["incident.opened", "glass.broken", "incident.noted"]


def test_pages_from_the_end(store):
    incident = opened(store)
    for number in range(9):
        store.events.append(incident.subject, "incident.noted", "U1", {"n": number}, NOON + number * HOUR / 60)
    pages = [store.story.page(incident, NOON, NOON + HOUR, number=number, size=4) for number in (1, 2, 3)]
    assert [[one.event.data.get("n") for one in page.moments] for page in pages] == [
        [5, 6, 7, 8],
        [1, 2, 3, 4],
        [None, 0],
    ]
    assert [page.more for page in pages] == [True, True, False]


def test_made_worse_it_is_nobodys_yet(store):
    incident = opened(store, severity="P1")
    store.incidents.move(incident.subject, "incident.acknowledged", "U0BEN", NOON)
    worse = store.incidents.move(incident.subject, SEVERITY, "U0ANA", NOON, {"severity": "P0"})
    assert (worse.severity, worse.state, worse.acked_by) == ("P0", "open", "")
    assert store.events.open_incidents()[0].severity == "P0"
    assert store.events.latest_p0() == NOON
    with pytest.raises(TooLate):
        store.incidents.move(incident.subject, SEVERITY, "U0ANA", NOON, {"severity": "P0"})
    with pytest.raises(BadEvent):
        store.incidents.move(incident.subject, SEVERITY, "U0ANA", NOON, {"severity": "P7"})


def test_roles_and_whether_it_was_useful(store):
    incident = opened(store)
    for role, who in (("commander", "U1"), ("scribe", "U2"), ("commander", "U3")):
        incident = store.incidents.move(incident.subject, ASSIGNED, "U0ANA", NOON, {"role": role, "to": who})
    assert (incident.commander, incident.scribe, incident.useful) == ("U3", "U2", None)
    assert store.incidents.move(incident.subject, RATED, "U1", NOON, {"useful": 0}).useful is False
    with pytest.raises(TooLate):
        store.incidents.move(incident.subject, ASSIGNED, "U0ANA", NOON, {"role": "king", "to": "U1"})


def test_merged_it_is_over_and_told_with_the_other_until_it_comes_back(store):
    one, two, three = opened(store, "A"), opened(store, "B"), opened(store, "C")
    store.incidents.move(two.subject, MERGED, "U1", NOON, {"into": one.subject})
    merged = store.incidents.of(two.subject)
    assert (merged.state, merged.merged_into, merged.resolved_by) == ("resolved", one.subject, "U1")
    for into in (two.subject, three.subject, "incident/99"):
        with pytest.raises(TooLate):
            store.incidents.move(three.subject, MERGED, "U1", NOON, {"into": into})
    store.incidents.move(one.subject, MERGED, "U1", NOON, {"into": three.subject})
    assert set(store.story.merged(three.subject)) == {one.subject, two.subject}
    assert kinds(store.story.page(three, NOON, NOON)).count("incident.opened") == 3

    assert store.incidents.move(two.subject, "incident.reopened", "U1", NOON).merged_into == ""
    assert store.story.merged(three.subject) == [one.subject]


def found(store, *words):
    return [one.id for one in store.story.search(words)]


def test_found_by_words_newest_first_whatever_they_hold(store):
    add = store.events.append
    first = add("incident/1", "incident.noted", "U1", {}, NOON, text="The pool is full, CIRCLE_API_KEY too")
    second = add("function/health", "deploy.finished", "U1", {"function": "health", "ok": 1}, NOON, text="Pool resized")
    assert found(store, "pool") == [second.id, first.id]
    assert found(store, "pool", "ful") == [first.id]  # the last as a beginning
    assert found(store, "CIRCLE_API_KEY") == [first.id]
    assert found(store, "deploy", "health") == [second.id]
    for hostile in (
        '"',
        "pool OR full",
        "NEAR(pool full)",
        "said:pool",
        "pool*",
        "-pool",
        "(",
        "a\0b",
        "'; drop table",
    ):
        assert isinstance(found(store, hostile), list)
    assert found(store, "pool NOT full") == []
    assert found(store, "nothing of the kind") == []


def test_what_is_redacted_is_found_no_more_and_its_bytes_are_gone(store, path):
    before = store.events.append("incident/1", "incident.noted", "U1", {}, NOON, text="the pool")
    event = store.events.append("incident/1", "incident.noted", "U1", {}, NOON, text=f"key {SECRET}")
    store.events.append("incident/2", "incident.noted", "U1", {}, NOON, text=f"key {SECRET}")
    for number in range(50):
        store.events.append("incident/2", "incident.noted", "U1", {"title": f"title {number}"}, NOON, text=f"n{number}")
    assert len(found(store, SECRET)) == 2
    store.events.redact(event.id, "U1", "U2", NOON)
    assert found(store, SECRET) == found(store, "canary") == []
    assert found(store, "pool") == [before.id]
    assert event.id in found(store, "incident/1", "noted"), "the rest of the event is found as before"
    for file in path.parent.iterdir():
        assert b"canary" not in file.read_bytes().lower(), file
    assert verify(store.db, KEY).ok
