"""Each detector as a table: what was answered, and whether it fires, is calm, or cannot tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clients.errors import NotAllowed, Paused, ServerFailed, TooLate, TooMany
from bot.clients.supabase import Backups, Project
from bot.clients.wallet import DatabaseSeen, Health
from bot.detectors import Blind, Calm, Firing, Known, Lingering, Muted, World, load, looked, together
from bot.health.answers import ASKED_FOR, Deliveries, Events, ProjectSeen, Question, Suspicions
from bot.health.expected import WEBHOOK
from bot.health.thresholds import figures
from bot.incidents.asking import ALL
from bot.incidents.wider import Called, Room
from bot.runbook import SECTIONS
from bot.settings.tuning import parsed
from tests.detectors.widely import NOW, WIDELY, backups, history, room, secret
from tests.health.well import REPORT, SUPABASE, WALLET, WELL, counted, function, functions, report, services

DETECTORS = {one.id: one for one in load()}
LATE, TIRED = TooLate(WALLET, 5), TooMany(SUPABASE, 12)
FAILED = ServerFailed(SUPABASE, 503, "It failed (503).", "Ask again.")
AWAY = report(status="unhealthy", database=None)
QUIET = World()
HEARD = World(wider=WIDELY, now=NOW)
FULL = ProjectSeen(name="aikeys", region="eu-central-1", status="ACTIVE_HEALTHY", read_only=True)


SLOWLY = Deliveries(40, 2, 8, 1, five=4, five_failed=0, half=20, half_failed=1, six=200, six_failed=8)


def changed(**answers):
    return replace(WELL, **answers)


FIRES = [
    ("database_outage", changed(wallet=AWAY, services=services(db="UNHEALTHY"))),
    ("database_outage", changed(wallet=report(database=DatabaseSeen(connected=False)))),
    ("database_outage", changed(wallet=LATE, services=services(db="UNHEALTHY"))),
    ("database_read_only", changed(project=FULL)),
    ("database_in_doubt", changed(services=services(db="UNHEALTHY"))),
    ("project_away", changed(project=Project(name="aikeys", region="eu", status="INACTIVE"))),
    ("project_away", changed(project=LATE, wallet=Paused(WALLET))),
    ("wallet_unreachable", changed(wallet=LATE)),
    ("wallet_unreachable", changed(wallet=Health(REPORT, 6.0))),
    ("webhooks_dead", changed(webhooks=counted(deliveries=Deliveries(40, 9, 6, 6)))),
    ("webhooks_dead", changed(functions=functions(without=("payments-circle-webhook",)))),
    ("webhooks_dead", changed(functions=functions(function("payments-circle-webhook", verify_jwt=True)))),
    ("webhooks_dead", changed(webhooks=counted(events=Events(0, 900, 4000.0), suspicions=Suspicions(30, 2, 0)))),
    ("high_risk_events", changed(webhooks=counted(suspicions=Suspicions(0, 0, 6)))),
    ("high_risk_event", changed(webhooks=counted(suspicions=Suspicions(0, 0, 1)))),
    ("signature_attack", changed(webhooks=counted(suspicions=Suspicions(60, 25, 0)))),
    ("webhook_errors", changed(webhooks=counted(deliveries=Deliveries(40, 6, 8, 1, five=4, five_failed=1)))),
    ("webhook_errors_slow", changed(webhooks=counted(deliveries=SLOWLY))),
    ("webhooks_silent", changed(webhooks=counted(events=Events(0, 900, 7200.0)))),
    ("database_slow", changed(wallet=report(database=DatabaseSeen(connected=True, latency_ms=800)))),
    ("wallet_slow", changed(wallet=Health(REPORT, 3.0))),
    ("secret_missing", changed(secrets=frozenset({"ALERT_EMAIL"}))),
    ("function_wrong", changed(functions=functions(function("log-security-event", "THROTTLED")))),
]
CALM = [
    ("webhook_errors", changed(webhooks=counted(deliveries=Deliveries(9, 2, 8, 1)))),  # two failures are no rate
    ("webhook_errors", changed(webhooks=counted(deliveries=Deliveries(8, 6, 4, 1)))),  # nor is anything of eight
    ("webhooks_dead", changed(webhooks=counted(deliveries=Deliveries(0, 0, 0, 0)))),  # nobody called, nothing fails
    ("webhooks_dead", changed(webhooks=counted(deliveries=Deliveries(40, 9, 6, 5)))),  # one still gets through
    ("database_outage", changed(services=services(db="UNHEALTHY"))),  # in doubt, and another detector's
    ("wallet_unreachable", changed(wallet=AWAY)),  # it answers: that its database is gone is told as that
    ("high_risk_events", changed(webhooks=counted(suspicions=Suspicions(0, 0, 5)))),
    ("high_risk_event", changed(webhooks=counted(suspicions=Suspicions(0, 0, 6)))),  # told as the alarm
    ("function_wrong", changed(functions=functions(without=("payments-circle-webhook",)))),  # told as a P0
]
BLIND = [
    ("database_outage", changed(wallet=LATE, services=FAILED, webhooks=None)),
    ("database_in_doubt", changed(services=TIRED, webhooks=TIRED)),
    ("project_away", changed(project=LATE)),
    (
        "wallet_unreachable",
        changed(wallet=LATE, project=LATE, services=LATE, functions=LATE, secrets=LATE, webhooks=LATE),
    ),
    ("webhooks_dead", changed(webhooks=TIRED)),
    ("high_risk_events", changed(webhooks=TIRED, wallet=LATE)),
    ("signature_attack", changed(webhooks=TIRED)),
    ("webhook_errors", changed(webhooks=counted(deliveries=FAILED))),
    ("webhooks_silent", changed(webhooks=counted(events=FAILED))),
    ("database_slow", changed(wallet=LATE)),
    ("wallet_slow", changed(wallet=LATE)),
    ("secret_missing", changed(secrets=TIRED)),
    ("function_wrong", changed(functions=TIRED)),
    ("webhook_changed", changed(functions=TIRED)),
]


@pytest.mark.parametrize(
    ("id_", "answers", "kind"),
    [(id_, answers, kind) for rows, kind in ((FIRES, Firing), (CALM, Calm), (BLIND, Blind)) for id_, answers in rows],
)
def test_what_it_sees(id_, answers, kind):
    assert isinstance(DETECTORS[id_].see(answers, QUIET), kind)


@pytest.mark.parametrize("id_", DETECTORS)
def test_a_system_that_is_well_fires_nothing(id_):
    assert isinstance(DETECTORS[id_].see(WELL, HEARD), Calm)


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


def test_the_quick_look_runs_what_its_questions_serve():
    alone = {"database_outage", "database_slow", "wallet_unreachable", "wallet_slow"}
    assert set(looked(DETECTORS.values(), WELL, QUIET, {Question.WALLET})) == alone
    quick = looked(DETECTORS.values(), WELL, QUIET, ASKED_FOR["database"])
    assert set(quick) == {*alone, "project_away", "database_read_only", "database_in_doubt"}
    assert set(looked(DETECTORS.values(), WELL, QUIET, ALL)) == set(DETECTORS)


def test_every_one_makes_a_heading_of_the_runbook_executable():
    headings = {heading for section, below in SECTIONS.items() for heading in (section, *below)}
    assert {one.runbook for one in DETECTORS.values()} <= headings


def test_causes_exist():
    assert {cause for one in DETECTORS.values() for cause in one.inhibited_by} <= set(DETECTORS)


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


@pytest.mark.parametrize(("days", "kind"), [(13, Firing), (-1, Firing), (15, Calm)])
def test_a_token_that_ends(days, kind):
    world = World(token_ends=NOW + timedelta(days=days), now=NOW)
    assert isinstance(DETECTORS["token_ends"].see(WELL, world), kind)


@pytest.mark.parametrize(
    ("lately", "kind"), [(240.0, Calm), (260.0, Firing)], ids=["below the floor", "five times the usual"]
)
def test_slower_than_is_usual_at_this_hour(lately, kind):
    world = World(usual=USUAL, lately={"database": lately})
    assert isinstance(DETECTORS["database_slow"].see(WELL, world), kind)
    assert isinstance(DETECTORS["database_slow"].see(WELL, World(lately={"database": lately})), Calm), "no past yet"


def test_silence_is_judged_by_this_hour_of_the_week():
    def sight(**of):
        events = Events(**({"last_hour": 0, "last_day": 900, "quiet": 4000.0} | of))
        return DETECTORS["webhooks_silent"].see(changed(webhooks=counted(events=events)), QUIET)

    assert isinstance(sight(), Firing), "by the day's mean"
    assert isinstance(sight(usual=1500.0), Calm), "a quiet hour by its past"
    assert isinstance(sight(usual=900.0), Firing)


def test_many_addresses_at_once_are_an_attack():
    seen = changed(webhooks=counted(suspicions=Suspicions(12, 12, 0, sources=8)))
    assert isinstance(DETECTORS["signature_attack"].see(seen, QUIET), Firing)
    few = changed(webhooks=counted(suspicions=Suspicions(12, 12, 0, sources=2)))
    assert isinstance(DETECTORS["signature_attack"].see(few, QUIET), Calm)


def test_just_under_the_threshold_is_not_over():
    """An alarm that is open ends well below its threshold, not under it."""

    def sight(latency, open_now):
        answers = changed(wallet=report(database=DatabaseSeen(connected=True, latency_ms=latency)))
        return looked(DETECTORS.values(), answers, QUIET, ALL, open_now=open_now)["database_slow"]

    assert sight(450, ()) == Calm()
    assert sight(450, {"database_slow"}) == Lingering()
    assert sight(340, {"database_slow"}) == Calm()


def test_what_is_maintained_is_not_looked_at():
    answers = changed(secrets=frozenset())
    seen = looked(DETECTORS.values(), answers, QUIET, ALL, muted={"secret_missing"})
    assert seen["secret_missing"] == Muted()


def test_where_others_deploy_too_a_changed_function_wakes_nobody():
    assert {one.severity for one in load(external=True) if one.id == "webhook_changed"} == {"P1"}
    assert DETECTORS["webhook_changed"].severity == "P0"
    assert {one.id for one in load(external=True)} == set(DETECTORS)


def test_a_team_sets_how_patient_one_is():
    tuning = parsed({"detector": {"database_slow": {"confirm": 8, "calm": 900}}})
    found = {one.id: one for one in load(tuning)}["database_slow"]
    assert (found.confirm, found.span, found.calm) == (8, 120, timedelta(minutes=15))


def test_the_thresholds_that_are_named_exist():
    assert {name for one in DETECTORS.values() for name in one.by} <= set(figures())


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
