"""What is said of an incident outside its card: names, topic, mails, the row; whatever its title holds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.health.trend import Trend
from bot.incidents.about import SUPPORT, Around, Changed, may_be_theirs
from bot.incidents.documenting import parameters
from bot.incidents.evidence import Evidence
from bot.incidents.rooms import names, private
from bot.incidents.team import Team
from bot.rotations.names import PROVE
from bot.runbook.contacts import LEAD, Contact, Way
from bot.views.blocks import whole_words
from bot.views.checklist import checklist
from bot.views.incident import card
from bot.views.incident_mail import to_lead, to_support
from bot.views.incidents import listed
from bot.views.operation import progress
from bot.views.rooms import topic
from bot.views.silencing import silencing
from bot.views.trend import chart
from store.errands import Errand
from store.incidents import Incident
from store.operations import Attempt, Operation

REF = "abcdefghijklmnopqrst"
AT = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)
P0 = Incident("incident/7", 7, "database_outage", "P0", "Database outage", "open", AT, "bot")
SEEN = Evidence("It is down: https://u:hunter2hunter2@host/x", "Ring.", AT, symptoms=("Webhooks failing",))


@pytest.mark.parametrize(
    ("title", "first"),
    [
        pytest.param("Database outage", "inc-20261125-database-outage", id="as it is"),
        pytest.param("  ¡Pagos — no salen! ", "inc-20261125-pagos-no-salen", id="no other letters"),
        pytest.param("🔥🔥", "inc-20261125-incident-7", id="none at all"),
        pytest.param("<!channel> & <@U1|x>", "inc-20261125-channel-u1-x", id="hostile"),
        pytest.param("x" * 300, "inc-20261125-" + "x" * 65, id="too long"),
    ],
)
def test_the_channels_name(title, first):
    found = names(replace(P0, title=title))
    assert found[0] == first
    assert found[1] == f"{first}-2"
    assert all(len(one) <= 80 for one in found)


@pytest.mark.parametrize(
    ("key", "title", "expected"),
    [
        ("webhook_changed", "Webhook function changed by somebody else", True),
        ("manual/7", "API key leaked", True),
        ("manual/7", "Intruder in the admin panel", True),
        ("manual/7", "Refunds do not go out", False),
        ("database_outage", "Database outage", False),
    ],
)
def test_what_is_talked_of_in_private(key, title, expected):
    assert private(replace(P0, dedup_key=key, title=title)) is expected


def test_a_topic_links_nothing_and_fits():
    said = topic(replace(P0, title="<!here> " + "x" * 300))
    assert "<" not in said
    assert len(said) <= 250
    assert said.startswith("⛔ P0 ")
    assert topic(replace(P0, severity="P1")).startswith("⚠️ P1 ")


def test_the_mail_to_supabase_names_the_project_the_time_and_no_secret():
    subject, text = to_support(P0, SEEN, REF, "lead@aikeys.test")
    assert subject == f"[{REF}] P0: Database outage"
    assert f"Project ref: {REF}" in text
    assert "Since: 2026-11-25 23:59:00 UTC" in text
    assert "Webhooks failing" in text
    assert "hunter2hunter2" not in text


def test_the_mail_to_the_lead_says_why_and_whom_to_ring():
    ring = (Contact(LEAD, "at once", ((Way.SLACK, "U0CY", ""),), "no telephone number is set"),)
    _, text = to_lead(P0, SEEN, "A P0 has begun.", REF, ring)
    assert text.startswith("A P0 has begun.\n\nP0 Database outage\n")
    assert "Technical lead: no telephone number is set" in text
    assert "hunter2hunter2" not in text


def test_the_rows_id_is_that_of_this_incident_and_no_other():
    one, again = parameters(P0, REF), parameters(P0, REF)
    assert one == again
    assert one[0] != parameters(replace(P0, opened_at=AT.replace(hour=1)), REF)[0], "another memory's incident 7"
    assert one[0] != parameters(P0, REF[::-1])[0]


def test_who_is_called():
    assert Team(on_call=("S0APPR", "U0BEN"), here=True).mentions == "<!subteam^S0APPR> <@U0BEN> <!here>"
    assert Team().mentions == ""


def test_a_mail_that_nobody_sent_is_not_offered_once_it_is_over():
    """Its draft and its button are gone by then."""
    around = Around(errands=(Errand(1, P0.subject, SUPPORT, "offered", {}, "", "", None, 0),))
    assert "drafted below, one click sends it" in str(checklist(P0, around).blocks)
    over = str(checklist(replace(P0, state="resolved"), around).blocks)
    assert "drafted, and not sent" in over
    assert "below" not in over


@pytest.mark.parametrize(
    ("key", "by", "theirs"),
    [
        ("database_outage", "bot", True),
        ("project_away", "bot", True),
        ("wallet_unreachable", "bot", True),
        ("webhooks_dead", "bot", True),
        ("function_errors", "bot", True),
        ("secret_missing", "bot", False),
        ("secret_changed", "bot", False),
        ("alert/The nightly export failed", "bot", False),
        ("person/1", "U0ANA", True),
    ],
)
def test_whose_fault_it_may_be(key, by, theirs):
    assert may_be_theirs(replace(P0, dedup_key=key, opened_by=by)) is theirs


def test_a_p0_that_is_hardly_theirs_offers_no_mail_and_says_how_to_write():
    data = {"to": "support@supabase.test", "ref": REF, "theirs": False}
    around = Around(errands=(Errand(1, P0.subject, SUPPORT, "offered", data, "", "", None, 0),))
    said = str(checklist(P0, around).blocks)
    assert "hardly theirs" in said
    assert "support@supabase.test" in said
    assert REF in said
    assert "0 of 0 done" in said
    assert "0 of 0 actions done" in str(card(P0, SEEN, AT, around).blocks), "both count alike"
    assert "➖ Contact" in said
    assert "Send it" not in said
    assert "drafted below" not in said
    assert "I contacted them" in said
    assert "nobody wrote" in str(checklist(replace(P0, state="resolved"), around).blocks)


def test_the_list_is_as_grave_as_the_worst_that_is_open():
    p1 = replace(P0, severity="P1")
    heads = [listed(found).blocks[0]["text"]["text"][0] for found in ([P0, p1], [p1], [])]
    assert heads == ["⛔", "⚠", "✅"]


def test_a_silence_lasts_an_hour_unless_somebody_says_otherwise():
    assert silencing(P0)["blocks"][2]["element"]["initial_option"]["value"] == "1h"


@pytest.mark.parametrize(
    ("changed", "silent", "expected"),
    [
        ({}, False, "⛔ P0 Database outage · open"),
        ({"severity": "P1"}, False, "⚠️ P1 Database outage · open"),
        ({"state": "acknowledged"}, False, "👀 P0 Database outage · acknowledged"),
        ({"state": "acknowledged"}, True, "🔇 P0 Database outage · silenced"),
        ({"state": "resolved"}, True, "✅ P0 Database outage · resolved"),
        ({"state": "resolved", "merged_into": "incident/3"}, False, "🔀 P0 Database outage · merged"),
    ],
)
def test_each_state_has_a_word_and_a_shape_of_its_own(changed, silent, expected):
    seen = replace(SEEN, silent=silent)
    assert card(replace(P0, **changed), seen, AT).blocks[0]["text"]["text"] == expected


def test_a_title_breaks_between_words_and_so_does_no_name():
    title = "Rotate CIRCLE_API_KEY and after it at once CIRCLE_WEBHOOK_SECRET " * 3
    head = card(replace(P0, title=title), SEEN, AT).blocks[0]["text"]["text"]
    assert len(head) <= 150
    shown = head.removeprefix("⛔ P0 ").removesuffix("… · open")
    assert title.startswith(f"{shown} ")
    assert whole_words("x" * 300, 20) == "x" * 19 + "…", "what is no word is cut all the same"


DEPLOY = Changed("was put live", "health", 9, "U0ANA", AT, "event/12")
ROTATION = Changed("was rotated", "CIRCLE_API_KEY", None, "U0ANA", AT)
ROLLBACK = Changed("was rolled back", "health", None, "U0ANA", AT)


@pytest.mark.parametrize(
    ("changed", "value"),
    [((DEPLOY,), "event/12"), ((ROTATION, DEPLOY), "event/12"), ((ROTATION, ROLLBACK), ""), ((), "")],
)
def test_the_buttons_stand_in_the_order_in_which_they_are_needed(changed, value):
    row = next(one for one in card(P0, SEEN, AT, Around(changed=changed)).blocks if one["type"] == "actions")
    labels = [one["text"]["text"] for one in row["elements"]]
    back = ["Roll back last deploy"] if value else []
    assert labels[: 4 + len(back)] == ["Acknowledge", "Resolve", "Silence", "Open triage", *back]
    assert [one["value"] for one in row["elements"] if one["action_id"] == "aikeys:way-back"] == [value] * bool(value)


@pytest.mark.parametrize(
    ("points", "drawn"),
    [((), False), ((0.2,) * 20, False), ((None,) * 18 + (40.0, 41.0), False), ((40.0,) * 3 + (None,) * 17, True)],
    ids=["none", "along the axis", "too few", "enough"],
)
def test_a_chart_without_anything_to_see_is_not_shown(points, drawn):
    padded = points or (None,) * 20
    assert bool(chart([Trend("Database", None, None, padded)], AT)) is drawn


def test_the_signal_of_webhooks_is_a_count():
    failed = Trend("failed webhooks", None, None, (0.0,) * 17 + (3.0, 8.0, 9.0), counts=True)
    block, words = chart([failed], AT)
    assert block["title"] == "Failed webhooks, hour to 23:59 UTC"
    assert block["chart"]["axis_config"]["y_label"] == "count"
    assert "0 to 9, last 9" in str(words)


def test_what_a_vote_of_hand_takes_on_is_asked_before_it_counts():
    """“It is done” on a proof that failed would otherwise read as proved."""
    for command, step, said in (("rotate", PROVE, "I have not"), ("deploy", "Deploy", "“Deploy” was done")):
        stuck = Operation(
            subject="operation/1", number=1, project=REF, command=command, title="x", started_by="U0ANA",
            started_at=AT, approval="approval/1", state="needs-human", since=AT, steps=(step,), where={},
            data={"names": ["X"], "parts": []}, attempts=(Attempt(0, 1, step, AT, "unknown", AT),),
        )  # fmt: skip
        buttons = next(one for one in progress(stuck).blocks if one["type"] == "actions")["elements"]
        asked = next(one for one in buttons if one["text"]["text"] == "It is done")["confirm"]
        assert said in asked["text"]["text"]
        assert len(asked["text"]["text"]) < 300
