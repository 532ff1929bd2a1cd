"""Detectors that compare: with what only the watch asks, with what is usual, with what they saw before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clients.errors import NotAllowed
from bot.clients.supabase import Backups
from bot.detectors import Blind, Calm, Firing, Known, Muted, World, together
from bot.health.expected import WEBHOOK
from bot.incidents.wider import Called, Room
from tests.detectors.widely import DETECTORS, NOW, QUIET, TIRED, WIDELY, backups, changed, history, room, secret
from tests.health.well import SUPABASE, WELL, function, functions

USUAL = {"database": 45.0, "calls/withdraw-funds": 300.0, "sign_ins": 10.0}
STATES = {
    "secret/CIRCLE_API_KEY": "abababab 2026-01-01T00:00:00Z",
    "migrations": "20260201000000 (2)",
    "recovery": "on",
}
MAY_NOT = NotAllowed(SUPABASE, 403, "The token may not.", "Tick it.")


def called(**of):
    return {"id-withdraw-funds": Called(**({"hour": 60, "failed": 0, "five": 5, "five_failed": 0, "p95": 300.0} | of))}


@pytest.mark.parametrize(
    ("id_", "wider", "kind"),
    [
        ("function_errors", {"calls": called(failed=9, five_failed=2)}, Firing),
        ("function_errors", {"calls": called(failed=9)}, Calm),  # over for five minutes
        ("function_errors", {"calls": called(hour=8, failed=5, five_failed=2)}, Calm),  # of eight nothing is a rate
        ("function_errors", {"calls": TIRED}, Blind),
        ("function_errors", {"calls": MAY_NOT}, Muted),  # the team's choice, and no blindness
        ("function_slow", {"calls": called(p95=2500.0)}, Firing),
        ("function_slow", {"calls": called(p95=1900.0)}, Calm),  # the owners' two seconds
        ("function_slow", {"calls": called(p95=2500.0, hour=9)}, Calm),  # of nine calls it is the slowest one
        ("connections_high", {"room": room(taken=49)}, Firing),
        ("connections_high", {"room": room(taken=40)}, Calm),
        ("connections_high", {"room": Room(TIRED, TIRED)}, Blind),
        ("disk_filling", {"room": room(used=7.3)}, Firing),
        ("disk_filling", {"room": room(used=7.1)}, Calm),
        ("backup_late", {"backups": backups(timedelta(hours=27))}, Firing),
        ("backup_late", {"backups": backups(timedelta(hours=25))}, Calm),
        ("backup_late", {"backups": Backups(pitr_enabled=False, backups=[])}, Calm),  # there never was one: a plan
        ("backup_late", {"backups": TIRED}, Blind),
        ("recovery_off", {"backups": backups()}, Firing),  # it was on
        ("recovery_off", {"backups": backups(pitr=True)}, Calm),
        ("secret_changed", {"digests": (secret(value="cd"),)}, Firing),
        ("secret_changed", {"digests": (secret(at="2026-03-29T11:00:00Z"),)}, Firing),  # the same value, set again
        ("secret_changed", {"digests": (secret(), secret("NEW"))}, Firing),
        ("secret_changed", {"digests": ()}, Calm),  # that is a missing one
        ("secret_changed", {"digests": (secret(), secret("SUPABASE_URL", "ef"))}, Calm),  # the platform's own
        ("migration_changed", {"history": history("20260101000000", "20260301000000")}, Firing),
        ("migration_changed", {"history": history("20260101000000", "20260115000000", "20260201000000")}, Firing),
        ("migration_changed", {"history": TIRED}, Blind),
        ("sign_in_errors", {"sign_ins": 51}, Firing),
        ("sign_in_errors", {"sign_ins": 49}, Calm),  # people who mistype
        ("sign_in_errors", {"sign_ins": TIRED}, Blind),
    ],
)
def test_what_only_the_watch_asks(id_, wider, kind):
    world = World(wider=replace(WIDELY, **wider), usual=USUAL, states=STATES, now=NOW)
    assert isinstance(DETECTORS[id_].see(WELL, world), kind)


@pytest.mark.parametrize(
    ("lately", "kind"), [(240.0, Calm), (260.0, Firing)], ids=["below the floor", "five times the usual"]
)
def test_slower_than_is_usual_at_this_hour(lately, kind):
    world = World(usual=USUAL, lately={"database": lately})
    assert isinstance(DETECTORS["database_slow"].see(WELL, world), kind)
    assert isinstance(DETECTORS["database_slow"].see(WELL, World(lately={"database": lately})), Calm), "no past yet"


@pytest.mark.parametrize(("days", "kind"), [(13, Firing), (-1, Firing), (15, Calm)])
def test_a_token_that_ends(days, kind):
    world = World(token_ends=NOW + timedelta(days=days), now=NOW)
    assert isinstance(DETECTORS["token_ends"].see(WELL, world), kind)


@pytest.mark.parametrize(
    ("known", "changing", "kind"),
    [
        pytest.param(Known(3, ""), False, Calm, id="as I made it"),
        pytest.param(Known(2, ""), False, Firing, id="somebody made another version"),
        pytest.param(Known(3, "", verify_jwt=False), False, Calm, id="with the flag as I left it"),
        pytest.param(Known(3, "", verify_jwt=True), False, Firing, id="somebody turned the flag alone"),
        pytest.param(Known(2, ""), True, Muted, id="I am changing it"),
        pytest.param(Known(None, ""), False, Calm, id="I do not know which I made"),
        pytest.param(None, False, Calm, id="never mine"),
    ],
)
@pytest.mark.parametrize(
    ("id_", "slug"), [("webhook_changed", "payments-circle-webhook"), ("function_changed", "health")]
)
def test_a_change_by_somebody_else(id_, slug, known, changing, kind):
    others = {one: Known(None, "") for one in ("health", "payments-circle-webhook", "withdraw-funds")}
    world = World(others | {slug: known} if known else {}, changing)
    sight = DETECTORS[id_].see(WELL, world)
    assert isinstance(sight, kind)
    if isinstance(sight, Firing):
        assert sight.about == {"function": slug, "version": 3, "sha": "", "verify_jwt": False}
        assert f"{slug} 3 False" in sight.title, "the next change is another one, and is told"


@pytest.mark.parametrize(("id_", "family"), [("secret_changed", "secret"), ("migration_changed", "migrations")])
def test_what_an_operation_of_ours_changes_is_no_alarm(id_, family):
    wider = replace(WIDELY, digests=(secret(value="cd"),), history=history("1"))
    assert isinstance(DETECTORS[id_].see(WELL, World(wider=wider, states=STATES)), Firing)
    assert DETECTORS[id_].see(WELL, World(wider=wider, states=STATES, touched=frozenset({family}))) == Muted()


@pytest.mark.parametrize("id_", ["secret_changed", "migration_changed", "function_changed", "recovery_off"])
def test_the_first_look_pages_nobody(id_):
    assert isinstance(DETECTORS[id_].see(WELL, World(wider=WIDELY)), Calm)


def test_a_function_that_nobody_has_seen_before():
    sight = DETECTORS["function_changed"].see(WELL, World({"health": Known(3, ""), WEBHOOK: Known(3, "")}))
    assert isinstance(sight, Firing)
    assert sight.title == "withdraw-funds new"


FAILING = {f"id-{slug}": Called(60, 9, 5, 2, 300.0) for slug in ("health", "withdraw-funds", "log-security-event")}


@pytest.mark.parametrize(
    ("id_", "answers", "world", "subjects"),
    [
        pytest.param(
            "function_errors", changed(functions=functions(function("log-security-event"))),
            World(wider=replace(WIDELY, calls=FAILING)),
            {"withdraw-funds", "log-security-event"}, id="functions that fail; health is told elsewhere",
        ),
        pytest.param(
            "secret_changed", WELL,
            World(wider=replace(WIDELY, digests=(secret(value="cd"), secret("NEW"))), states=STATES),
            {"CIRCLE_API_KEY cdcdcdcd 2026-01-01T00:00:00Z", "NEW abababab 2026-01-01T00:00:00Z"}, id="secrets",
        ),
        pytest.param(
            "function_changed", WELL, World({"health": Known(2, ""), "withdraw-funds": Known(2, "")}),
            {"health 3 False ", "withdraw-funds 3 True "}, id="functions that somebody changed",
        ),
        pytest.param(
            "secret_missing", changed(secrets=frozenset({"ALERT_EMAIL"})), QUIET,
            {"CIRCLE_API_KEY missing", "CIRCLE_WEBHOOK_SECRET missing"}, id="secrets that are gone",
        ),
    ],
)  # fmt: skip
def test_several_at_once_are_one_sight_that_names_each(id_, answers, world, subjects):
    sight = DETECTORS[id_].see(answers, world)
    assert isinstance(sight, Firing)
    assert len(sight.subjects) == len(subjects)
    for one in subjects:
        assert one.strip() in {each.strip() for each in sight.subjects}
        assert one.split()[0] in sight.what


def test_what_is_kept_about_each_is_kept():
    """One word of a person calls all of them right that were told."""
    world = World(wider=replace(WIDELY, digests=(secret(value="cd"), secret("NEW"))), states=STATES)
    sight = DETECTORS["secret_changed"].see(WELL, world)
    assert isinstance(sight, Firing)
    assert sight.about["state"] == "secret/CIRCLE_API_KEY"
    assert [one["state"] for one in sight.about["also"]] == ["secret/NEW"]


def test_of_very_many_five_are_named_and_the_rest_counted():
    many = together([Firing(f"{n}.", "Look.", title=f"t{n}", about={"state": n}) for n in range(18)])
    assert many is not None
    assert many.what == "0. 1. 2. 3. 4. And 13 more."
    assert len(many.subjects) == 18
    assert len(many.about["also"]) == 17
