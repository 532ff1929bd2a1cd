"""What is said of an incident outside its card: names, topic, mails, the row; whatever its title holds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.contacts import LEAD, Contact, Way
from bot.incidents.about import SUPPORT, Around
from bot.incidents.documenting import parameters
from bot.incidents.evidence import Evidence
from bot.incidents.rooms import names, private
from bot.incidents.team import Team
from bot.views.checklist import checklist
from bot.views.incident_mail import to_lead, to_support
from bot.views.incidents import listed
from bot.views.rooms import topic
from bot.views.silencing import silencing
from store.errands import Errand
from store.incidents import Incident

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


def test_the_list_is_as_grave_as_the_worst_that_is_open():
    p1 = replace(P0, severity="P1")
    heads = [listed(found).blocks[0]["text"]["text"][0] for found in ([P0, p1], [p1], [])]
    assert heads == ["⛔", "⚠", "✅"]


def test_a_silence_lasts_an_hour_unless_somebody_says_otherwise():
    assert silencing(P0)["blocks"][2]["element"]["initial_option"]["value"] == "1h"
