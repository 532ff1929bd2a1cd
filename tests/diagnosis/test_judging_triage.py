"""What is said of the causes found: their steps, what was seen, where to look, and nothing that contradicts it."""

from dataclasses import replace

import pytest

from bot.clients.errors import DatabaseAway, NobodyThere, NotReached, SqlFailed, TooLate
from bot.clients.supabase import Project, ReadOnly
from bot.diagnosis.causes import causes
from bot.diagnosis.function_logs import Complaint
from bot.diagnosis.judging_triage import judge
from bot.health.answers import Deliveries
from bot.health.judgement import Level
from bot.views.report import show
from tests.diagnosis.seen import A_FUNCTION, DOWN, FAILING, SLOW, THE_DATABASE, THE_WEBHOOK, WEBHOOK, deployed
from tests.health import well


def test_a_deploy_can_be_rolled_back_by_a_button_and_other_changes_are_typed():
    report = judge(replace(THE_WEBHOOK, **FAILING, deploys=(deployed(2),)))
    assert report.way_back == "operation/7"
    assert any(step.endswith(f"Type /aikeys rollback {WEBHOOK}") for step in report.steps)
    assert "Calls of" not in str(report.groups), "what is seen is no cause where one is found"
    assert "Its errors" in [label for label, _ in report.also]
    assert not any("deploy " in line or "rollback" in line for _, line in report.also)


def test_a_button_leads_to_no_command_that_the_bot_lacks():
    report = judge(replace(THE_WEBHOOK, **FAILING, commands=frozenset({"security"})))
    assert report.also == ()
    assert not any("Type /aikeys" in step for step in report.steps)


def test_what_a_function_says_pings_nobody_and_tells_no_address():
    said = [Complaint(f"id-{WEBHOOK}", "<!channel> `x` zoe@example.com from 198.51.100.7 \x1b[31m", 20)]
    whole = str(show(judge(replace(THE_WEBHOOK, **FAILING | {"complaints": said}))))
    for hostile in ("<!channel>", "zoe@example.com", "198.51.100.7", "\x1b"):
        assert hostile not in whole


def test_what_a_cause_explains_is_not_told_a_second_time_as_a_gap():
    away = DatabaseAway(well.SUPABASE, 544, "No database (544).", "Wait.")
    down = replace(THE_DATABASE, **DOWN, services=well.services(db="UNHEALTHY"), connections=away, locks=away)
    assert str(judge(down)).count("No database (544)") == 1
    assert isinstance(TooLate(well.WALLET, 10), NotReached)


def test_what_could_not_be_asked_stands_below_the_cause_and_contradicts_nothing():
    gone = NobodyThere(well.SUPABASE)
    report = judge(replace(THE_DATABASE, **DOWN, services=well.services(db="UNHEALTHY"), disk=gone))
    (checked,) = report.below
    assert not report.wrong
    assert "So not known: the disk." in str(checked)
    assert "not known while it is down" in str(checked)
    assert judge(replace(THE_DATABASE, disk=gone)).wrong, "where nothing is found that is the news"


@pytest.mark.parametrize("seen", [replace(THE_WEBHOOK, **DOWN), replace(THE_WEBHOOK, **FAILING, **SLOW)])
def test_only_steps_of_what_was_found(seen):
    steps = {step.words for cause in causes(seen) for step in cause.steps}
    report = judge(seen)
    assert report.steps
    assert set(report.steps) <= steps
    assert "dashboard, and set it" not in str(report), "nothing speaks against the secret"
    assert not any("If it still fails" in group.title for group in report.below)


def test_where_nothing_can_be_written_failed_deliveries_are_not_countable():
    full = judge(replace(THE_WEBHOOK, read_only=ReadOnly(enabled=True, lifted=False)))
    (line,) = (one for one in full.below[0].lines if one.name == "Deliveries:")
    assert (line.level, line.says) == (Level.UNKNOWN, "not countable while nothing can be written")


def test_a_paused_project_explains_why_nothing_answers():
    strange = SqlFailed(well.SUPABASE, "It answered 400.", "Tell who looks after the bot.", "")
    paused = Project(name="x", region="y", status="INACTIVE")
    report = judge(replace(THE_DATABASE, project=paused, connections=strange))
    assert "Tell who" not in str(report)
    assert "not known: the project is paused" in str(report)


def test_a_column_that_is_not_there_leads_to_the_migrations():
    said = [Complaint(f"id-{WEBHOOK}", 'column "risk_checked" does not exist', 9)]
    report = judge(replace(THE_WEBHOOK, webhooks=well.counted(deliveries=Deliveries(40, 9, 9, 9)), complaints=said))
    assert ("Migrations", "migrations") in report.also


@pytest.mark.parametrize("seen", [THE_WEBHOOK, THE_DATABASE, A_FUNCTION])
def test_a_good_day_gives_no_orders(seen):
    report = judge(seen)
    assert report.steps == ()
    checked, rest = report.below
    assert (checked.title, rest.title) == ("Checked", "If it still fails where you are")
    assert rest.lines
    assert not any(word in str(rest) for word in ("set it to", "Deploy it", "rollback"))
    assert report.also, "where to look is still a press away"
