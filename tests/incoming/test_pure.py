"""The pure parts: shapes, steps, words."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.incoming import words
from bot.incoming.grouping import Step, Sum, told, untold
from bot.incoming.shapes import read
from store.alerts import Group, Kind
from store.incidents import Incident
from tests.incoming.conftest import alert, webhook

NOON = datetime(2026, 7, 4, 12, tzinfo=UTC)
S = timedelta(seconds=1)


def bodies(*alerts, label="alertname"):
    return read(json.dumps(webhook(*alerts)).encode(), label)


@pytest.mark.parametrize(
    ("severity", "means"),
    [
        ("critical", "P0"),
        ("CRITICAL ", "P0"),
        ("p0", "P0"),
        ("warning", "P1"),
        ("", "P1"),
        ("page", "P1"),
        ("info", ""),
        ("none", ""),
    ],
)
def test_severity(severity, means):
    assert bodies(alert(severity=severity))[0].severity == means


def test_the_root_is_the_label_that_the_team_named_else_the_name():
    one, two = bodies(alert(cluster="eu-1"), alert(), label="cluster")
    assert (one.root, two.root) == ("cluster=eu-1", "alertname=DiskFull")


def test_a_fingerprint_is_taken_or_made_of_all_labels():
    given, a, b, a2 = bodies(
        alert(print="c6eadffa33fcdf37"), alert(node="a"), alert(node="b"), alert(node="a", status="resolved")
    )
    assert given.fingerprint == "c6eadffa33fcdf37"
    assert a.fingerprint == a2.fingerprint != b.fingerprint
    assert len(bodies(alert(print="x" * 150))[0].fingerprint) == 16


def test_go_writes_null_for_an_empty_map_and_year_one_for_no_time():
    (one,) = bodies(alert() | {"annotations": None})
    assert (one.title, one.said, one.episode) == ("DiskFull", "", None)


def test_grafana_sends_the_same_with_more_around_it():
    more = {
        "dashboardURL": "",
        "panelURL": "",
        "valueString": "[ … ]",
        "silenceURL": "https://x",
        "values": {"B": 44.2},
    }
    assert bodies(alert() | more)[0].title == "DiskFull on db-1"


@pytest.mark.parametrize(
    ("number", "more"), [(0, 0), (57, 57), (-1, 0), (None, 0), ("57", 0), (True, 1), (10**12, 1_000_000)]
)
def test_what_alertmanager_has_left_out_is_counted(number, more):
    """truncatedAlerts: what max_alerts had no room for (its docs, webhook_config)."""
    found = read(json.dumps(webhook(alert(node="a"), alert(node="b")) | {"truncatedAlerts": number}).encode())
    assert [one.more for one in found] == [more, 0]
    assert read(json.dumps(webhook() | {"truncatedAlerts": number}).encode()) == []


def group(**changed):
    return replace(Group("r", NOON, NOON, 1, 1, 0, NOON, None, ""), **changed)


@pytest.mark.parametrize(
    ("found", "after", "step"),
    [
        (group(), 0, Step.WAIT),
        (group(), 9.9, Step.WAIT),
        (group(), 10, Step.OPEN),
        (group(critical=1), 0, Step.OPEN),
        (group(firing=0), 3, Step.DROP),
    ],
)
def test_what_nobody_tells_of_yet(found, after, step):
    assert untold(found, NOON + after * S) is step


def summed(**changed):
    return replace(Sum(NOON, NOON, 9, 1, 0, NOON, None), **changed)


def incident(severity="P1", ended=None):
    found = Incident("incident/1", 1, "alerts:r", severity, "t", "open", NOON, "bot")
    return found if ended is None else replace(found, state="resolved", resolved_at=ended)


@pytest.mark.parametrize(
    ("found", "one", "back", "after", "step"),
    [
        (summed(), incident(), 0, 3_600, Step.WAIT),
        (summed(critical=1), incident(), 0, 0, Step.WORSE),
        (summed(critical=1), incident("P0"), 0, 0, Step.WAIT),
        (summed(firing=0, calm_at=NOON), incident(), 0, 0, Step.RESOLVE),
        (summed(firing=0, calm_at=NOON), incident(), 1, 59, Step.WAIT),
        (summed(firing=0, calm_at=NOON), incident(), 1, 60, Step.RESOLVE),
        (summed(firing=0, calm_at=NOON), incident(), 7, 899, Step.WAIT),
        (summed(firing=0, calm_at=NOON), incident(), 7, 900, Step.RESOLVE),
        (summed(firing=0), incident(ended=NOON + S), 0, 9, Step.END),
        (summed(last_at=NOON + 9 * S), incident(ended=NOON + S), 0, 10, Step.WAIT),
        (summed(fired_at=NOON + 9 * S), incident(ended=NOON + S), 0, 10, Step.AGAIN),
        (summed(last_at=NOON + 1_900 * S), incident(ended=NOON + S), 0, 1_900, Step.AGAIN),
        (summed(), incident(ended=NOON + S), 0, 9_000, Step.WAIT),
    ],
)
def test_what_is_told(found, one, back, after, step):
    assert told(found, one, back, NOON + after * S) is step


@pytest.mark.parametrize(
    ("found", "kinds", "roots", "said"),
    [
        (summed(count=1), 1, 1, "1 alert, firing"),
        (summed(count=1, firing=0), 1, 1, "1 alert, resolved"),
        (summed(count=60_000, firing=200), 200, 1, "60,000 alerts of 200 kinds, all firing"),
        (summed(count=9, firing=2), 7, 3, "9 alerts of 7 kinds, 3 causes, 2 still firing"),
        (
            summed(count=9, firing=0),
            1_000,
            1,
            "9 alerts of 1,000 kinds or more, all resolved",
        ),
        (
            summed(count=60, left_out=57),
            3,
            1,
            "60 alerts of 3 kinds, 1 still firing; 57 of them left out by their sender (max_alerts)",
        ),
    ],
)
def test_counted(found, kinds, roots, said):
    assert words.counted(found, kinds, roots) == said


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://grafana.example.com/d/1", True),
        ("https://GRAFANA.example.com:8443/d", True),
        ("http://grafana.example.com/d", False),
        ("https://grafana.example.com@evil.example/", False),
        ("https://user@grafana.example.com/", False),
        ("https://grafana.example.com.evil.example/", False),
        ("https://grafana.example.com/>x", False),
        ("https://[::1", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_links(url, link):
    assert words.linked(url, {"grafana.example.com"}) is link


def test_a_day_of_counts_is_a_few_rows():
    rows, last = 0, None
    for second in range(86_400):
        if words.due(second * S, last):
            rows, last = rows + 1, second * S
    assert rows < 60


def test_opening_says_a_thing_once():
    assert words.opening([Kind("f", "P1", True, "Disk full", "Disk full on a", "", 1)]) == "Disk full on a"
    assert words.opening([Kind("f", "P1", True, "Disk full.", "92 %", "", 1)]) == "Disk full. 92 %"
    assert words.opening([]) == ""
