"""What the card says was changed before it: by whatever operation of the bot's own."""

from datetime import UTC, datetime, timedelta

from bot.health.memory import FAILED, WEBHOOKS
from bot.incidents.about import Changed
from bot.incidents.around import _changes, _curves, _ended_by, _first_good
from bot.incidents.evidence import evidence
from bot.views.incident_facts import change
from store.samples import Sample

AT = datetime(2026, 11, 25, 21, 38, tzinfo=UTC)


def test_a_restore_and_a_migration_are_among_them(store):
    """The two most likely reasons why a database is away, with deploys and rotations."""
    for minutes, (subject, kind, data) in enumerate(
        [
            ("project/database", "backup.restored", {"target": {}}),
            ("migration/20261103171500", "migration.applied", {}),
            ("secret/CIRCLE_API_KEY", "rotation.finished", {"ok": 1}),
            ("migration/20261103171500", "migration.undone", {}),
        ]
    ):
        store.events.append(subject, kind, "U0ANA", data, AT - timedelta(minutes=minutes))

    assert [change(one) for one in _changes(store)] == [
        "`the database` was restored by <@U0ANA>",
        "`migration 20261103171500` was applied by <@U0ANA>",
        "`CIRCLE_API_KEY` was rotated by <@U0ANA>",
        "`migration 20261103171500` was taken back by <@U0ANA>",
    ]


def test_the_signal_of_failing_webhooks_is_how_many(store):
    incident = store.incidents.of(store.incidents.open("P0", "Webhook processing failed", "webhooks_dead", AT))
    for minutes in range(30):
        failed = float(max(0, 10 - minutes))
        store.samples.keep([Sample(AT - timedelta(minutes=minutes), WEBHOOKS, FAILED, "ok", value=failed)])
    (curve,) = _curves(store, incident, AT)
    assert curve.counts
    assert [one for one in curve.points if one is not None][-2:] == [5.0, 8.0]


def test_what_ended_it_had_begun_before_it_was_good_again(store):
    """What was put live after that ended nothing; a roll back helps before it is proved."""
    subject = store.incidents.open("P0", "Database outage", "database_outage", AT)
    calm = {"calm": 60}
    incident = store.incidents.resolve(subject, "bot", AT + timedelta(minutes=10), calm)
    seen = evidence(incident, store.incidents.story(subject))
    good = _first_good(store, incident)
    assert good == AT + timedelta(minutes=9)

    def made(began, ended):
        at = AT + timedelta(minutes=ended)
        return Changed("was put live", "health", 2, "U0ANA", at, began=AT + timedelta(minutes=began))

    before, across, after = made(1, 2), made(8.5, 9.5), made(9.2, 9.7)
    assert _ended_by([after, across, before], incident, seen, good) is across
    assert _ended_by([after], incident, seen, good) is None
    by_hand = store.incidents.resolve(store.incidents.open("P0", "Else", "else", AT), "U0BEN", AT)
    assert _first_good(store, by_hand) == AT


def test_who_approved_a_change_stands_with_it():
    one = Changed("was rolled back", "health", None, "bot", AT, approved_by="U0BEN")
    assert change(one) == "`health` was rolled back by the bot itself, approved by <@U0BEN>"
