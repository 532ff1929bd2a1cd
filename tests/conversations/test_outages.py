"""The stretches of an outage, and which of them reach into what is compared. Pure."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.deploys.outages import first_bad, last_good, spells, within
from store.events import Event
from store.incidents import Incident
from store.samples import Sample

AT = datetime(2026, 11, 25, 3, tzinfo=UTC)
ONE = Incident("incident/1", 1, "database_outage", "P0", "Database outage", "open", AT, "bot")


def at(second):
    return AT + timedelta(seconds=second)


def told(kind, second, **data):
    return Event(second, at(second), "incident/1", f"incident.{kind}", "bot", data, None, None, redacted=False, mac="")


def look(second, state, part="database"):
    return Sample(at(second), "wallet", part, state)


@pytest.mark.parametrize(
    ("story", "begun", "wanted"),
    [
        ([told("opened", 0)], 60, [(0, None)]),
        ([told("opened", 10, since=at(0).isoformat())], -60, [(0, None)]),
        ([told("opened", 0), told("resolved", 100, calm=40)], 61, []),  # over when it was first good again
        ([told("opened", 0), told("resolved", 100, calm=40)], 59, [(0, 60)]),
        ([told("opened", 0), told("resolved", 50), told("reopened", 200)], 100, [(200, None)]),
        (
            [told("opened", 0), told("resolved", 50), told("reopened", 200), told("resolved", 300)],
            20,
            [(0, 50), (200, 300)],
        ),
        ([], 0, []),
    ],
)
def test_the_stretches_of_an_outage(story, begun, wanted):
    found = within(spells(ONE, story, []), at(begun))
    assert [(one.since, one.until) for one in found] == [
        (at(since), at(until) if until is not None else None) for since, until in wanted
    ]


def test_it_began_with_the_first_of_the_bad_looks_that_led_to_it():
    looks = [look(0, "failed"), look(30, "ok"), look(60, "failed"), look(65, "failed"), look(90, "ok")]
    assert first_bad(looks, at(66)) == at(60)
    assert first_bad(looks, at(40)) == at(40)
    assert last_good(looks, at(0), at(60)) == at(30)
    assert last_good(looks, at(31), at(60)) is None
    assert last_good([look(30, "ok", part="")], at(0), at(60)) is None, "it answers: of its database it says nothing"
