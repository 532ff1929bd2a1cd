"""Whatever stands in a review: its cards, reminders, list and modal are within Slack's limits, and ping nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.post.outbox import Outbox
from bot.reviews.kinds import KINDS
from bot.reviews.letters import ReviewLetters
from bot.settings import read
from bot.views import review as page
from playground.blockkit import check_message
from playground.clock import ManualClock
from store.reviews import Review
from tests.chat import words

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOSTILE = "<!channel> <@U0BEN> *x* `y` \u202e &amp; " + "z" * 400

texts = st.one_of(st.just(HOSTILE), st.text(max_size=400))


def review(kind: str, text: str, state: str, lines: int) -> Review:
    return Review(
        subject=f"review/{kind}/7",
        kind=kind,
        of="approval/7" if kind == "glass" else "2026-11",
        not_by="U0ANA" if kind == "glass" else "",
        incident="incident/1" if kind == "glass" else "",
        due_at=NOW,
        looked_at=NOW,
        evidence="\n".join([text] * lines),
        data={"summary": text, "title": text, "passed": [text] * 3, "missed": text, "people": {text: [text, "U0CY"]}},
        asked_at=NOW,
        reminders=1,
        escalated_at=NOW,
        state=state,
        by="U0CY" if state == "signed" else "",
        at=NOW,
        note=text,
    )


@settings(max_examples=30)
@given(
    st.sampled_from(["glass", "from-another-version", *KINDS]),
    texts,
    st.sampled_from(["open", "signed", "missed"]),
    st.integers(0, 60),
)
def test_within_limits_and_harmless(kind, text, state, lines):
    one = review(kind, text, state, lines)
    said = [
        page.card(one, tell=["U0CY", "U0ANA"], incident=text),
        page.evidence(one),
        page.reminder(one, 1),
        page.escalation(one, "U0LEAD"),
        page.escalation(one, ""),
        page.lines([one] * 12, [one] * 12, [("Slow queries", NOW)]),
    ]
    for message in said:
        if message is not None:
            blocks = list(message.blocks)
            problems = check_message({"text": message.text, "blocks": blocks})
            assert not problems, problems
            plain = words({"text": message.text, "blocks": [one for one in blocks if one["type"] != "rich_text"]})
            assert "<!channel>" not in plain
            assert "<@U0BEN>" not in plain
    assert str(page.signing(one)["blocks"]).count("<!") == 0


NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-1234567890",
    "SLACK_APP_TOKEN": "xapp-1-A0-1234567890",
    "SUPABASE_ACCESS_TOKEN": f"sbp_{'0' * 40}",
    "SUPABASE_PROJECT_REF": "abcdefghijklmnopqrst",
    "AIKEYS_LEAD": "U0CY",
}


@pytest.mark.parametrize(
    ("kind", "ops", "incidents", "card"),
    [
        ("admins", "C0OPS", "C0INC", "C0OPS"),
        ("admins", "", "C0INC", "C0INC"),
        ("admins", "", "", None),  # it is in /aikeys reviews, and the lead hears of it
        ("glass", "C0OPS", "C0INC", "C0INC"),
        ("glass", "C0OPS", "", "C0OPS"),
        ("glass", "", "", "C0ASKED"),
    ],
)
def test_where_it_is_told(store, kind, ops, incidents, card):
    """The calendar's in the ops channel, broken glass in the incident channel; else where there is one."""
    told = read(NEEDED | {"AIKEYS_OPS_CHANNEL": ops, "AIKEYS_INCIDENT_CHANNEL": incidents})
    nobody: Any = None  # nothing is sent: it is the rows that are looked at
    outbox = Outbox(store, nobody, ManualClock(NOW), can_look=False)
    store.approvals.request(
        "U0ANA",
        {"command": "deploy", "line": "deploy health", "title": "Deploy health", "subject": "function/health"},
        "d" * 64,
        NOW,
        expires_at=NOW + timedelta(minutes=30),
        needed=1,
        where={"channel": "C0ASKED"},
    )
    one = store.reviews.due(kind, "approval/1" if kind == "glass" else "2026-11", NOW, evidence="it burns")
    ReviewLetters(store, outbox, told).show(store.reviews.escalate(one, NOW, "U0CY"))
    letters = {
        key: letter.channel
        for key in ("card", "escalation", "escalation/lead")
        if (letter := store.outbox.get(f"{one.subject}/{key}")) is not None
    }
    assert letters == ({"card": card, "escalation": card} if card else {}) | {"escalation/lead": "U0CY"}
