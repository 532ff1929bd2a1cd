"""`/aikeys stats`: counted from the record, by cause, by person, and whether it was worth it."""

from datetime import UTC, datetime, timedelta

from bot.incidents.counting import OPENED_BY_HAND, Times, counted
from store.incidents import ESCALATED, MERGED, PAGED, RATED, REOPENED, RESOLVED
from tests.chat import words

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def minutes(number):
    return timedelta(minutes=number)


def opened(store, key, severity, at, since, by="bot"):
    data = {"since": (at - since).isoformat()}
    return store.incidents.open(severity, key.title() or "By hand", key, at, by=by, data=data)


def a_month(store):
    move = store.incidents.move
    first = opened(store, "database", "P0", NOON, minutes(1))
    move(first, "incident.acknowledged", "U0BEN", NOON + minutes(2))
    move(first, RESOLVED, "bot", NOON + minutes(9))
    move(first, RATED, "U0BEN", NOON + minutes(10), {"useful": 1})
    second = opened(store, "database", "P0", NOON + minutes(60), minutes(3))
    for at in (60, 70):  # on call are Ben and a group; the lead is Cy
        called = {"U0BEN": ["mention"], "U0CY": ["message", "mail"]} if at == 60 else {"U0CY": ["message", "mail"]}
        move(second, PAGED, "bot", NOON + minutes(at), {"to": called, "groups": ["S0APPR"], "of": str(at)}
             | ({"here": True} if at == 70 else {}))  # fmt: skip
    move(second, ESCALATED, "bot", NOON + minutes(90), {"to": "U0CY"})
    move(second, RESOLVED, "U0ANA", NOON + minutes(180))
    move(second, REOPENED, "bot", NOON + minutes(190))
    third = opened(store, "", "P1", NOON + minutes(200), minutes(0), by="U0ANA")
    fourth = opened(store, "performance", "P1", NOON + minutes(201), minutes(2))
    move(fourth, MERGED, "U0ANA", NOON + minutes(202), {"into": third})
    return store.incidents.between(NOON, NOON + timedelta(days=1))


def test_counted(store):
    incidents = a_month(store)
    found = counted(incidents, {one.subject: store.incidents.story(one.subject) for one in incidents})

    assert (found.count, found.p0, found.still_open, found.loud) == (3, 2, 2, 1)
    assert found.detect == Times(2, minutes(2), minutes(3), 2)
    assert found.acknowledge == Times(1, minutes(2), minutes(2), 1)
    assert found.resolve == Times(1, minutes(10), minutes(10), 1)
    assert [(one.key, one.count, one.p0, one.back, one.useful, one.noise) for one in found.causes] == [
        ("database", 2, 2, 1, 1, 0),
        (OPENED_BY_HAND, 1, 0, 0, 0, 0),
    ]
    assert {one.user: dict(one.ways) for one in found.people if one.pages} == {
        "U0CY": {"message": 3, "mail": 2},
        "U0BEN": {"mention": 1},
    }
    assert [(one.user, one.pages, one.acknowledged, one.resolved) for one in found.people] == [
        ("U0CY", 3, 0, 0),
        ("U0BEN", 1, 1, 0),
        ("U0ANA", 0, 0, 1),
    ]


def test_what_comes_back_as_a_p1_calls_nobody_in_the_incident_channel(store):
    slow = opened(store, "performance", "P1", NOON, minutes(2))
    store.incidents.move(slow, RESOLVED, "bot", NOON + minutes(5))
    store.incidents.move(slow, REOPENED, "bot", NOON + minutes(9))
    assert counted(store.incidents.between(NOON, NOON + minutes(60)), {slow: store.incidents.story(slow)}).loud == 0


def test_what_others_report_is_counted_but_nobody_says_how_quickly_it_was_seen(store):
    """Its arrival is known, not its beginning: a symptom that was held back would be the worst of the month."""
    own = opened(store, "database", "P0", NOON, minutes(1))
    theirs = opened(store, "alerts:alertname=NodeDown", "P1", NOON + minutes(9), minutes(8))
    store.incidents.move(theirs, RESOLVED, "bot", NOON + minutes(20))
    stories = {one: store.incidents.story(one) for one in (own, theirs)}
    found = counted(store.incidents.between(NOON, NOON + minutes(60)), stories)
    assert found.detect == Times(1, minutes(1), minutes(1), 1)
    assert found.resolve == Times(1, minutes(19), minutes(19), 2)
    assert {(one.key, one.count, one.p0) for one in found.causes} == {
        ("database", 1, 1), ("alerts:alertname=NodeDown", 1, 0),
    }  # fmt: skip


def test_none_is_counted():
    assert counted([], {}).count == 0


async def test_shown(chat, bot):
    a_month(bot.store)
    await chat.says("zoe", "/aikeys stats 2026-11")
    found = words(await chat.until("3 incidents in November 2026", "zoe"))
    assert "median 2 min (of 2), worst 3 min: incident 2" in found
    assert "1 of 1 that were rated" in found
    assert "<@U0CY>: called by name 3 × (2 mails, 3 messages)" in found
    await chat.says("zoe", "/aikeys stats 2025-01")
    await chat.until("Nothing to count", "zoe")
