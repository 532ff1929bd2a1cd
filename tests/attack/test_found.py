"""What the million inputs found in the product, each by itself."""

import email
from datetime import UTC, datetime
from email import policy

import pytest

from bot.clients.mail import Mail, composed
from bot.desks.requesting import Planning, show
from bot.desks.shortcuts import Place, _place
from bot.door.inbox import _key, _kind
from bot.door.payload import text
from bot.redaction import redact
from bot.sources import address
from bot.sources.errors import SourceAway
from bot.views import incidents, own
from bot.views.blocks import actions, ask_button, code, context, escape, header, preformatted, section, when
from bot.views.declaring import pin
from bot.views.document import Document, Paragraph, markdown, page
from store.incidents import Incident
from tests.attack.million import rules

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NESTED = {"type": "x"}
for _ in range(5000):
    NESTED = {"type": NESTED}  # type: ignore[dict-item]  # that is the point


@pytest.mark.parametrize("char", [chr(0xD800), chr(0xDFFF), "\x1b", "\x00", "\u202e"])
def test_half_a_surrogate_and_what_cannot_be_seen_are_a_sign(char):
    """Slack's answer to a message with half a surrogate in it would be a refusal, of an alarm too."""
    for said in (escape(char), code(char), str(header(char)), str(preformatted(char)), redact([char])[0]):
        assert char not in said
    made = Document(char, [Paragraph(f"a{char}b")])
    assert char not in page(made) + markdown(made)


def test_a_channel_without_an_end_does_not_hold_the_bot_for_ever():
    """The text was made shorter until all of it fitted; where another field was too long, without an end."""
    incident = Incident("incident/1", 1, "watch", "P0", "t", "open", NOON, "bot")
    message = {"channel": "C" * 9_000, "ts": "\x00" * 9_000, "user": "U" * 9_000, "text": "<" * 9_000}
    assert 0 < len(pin(message, [incident])["private_metadata"]) <= 3_000


def test_half_a_surrogate_in_a_payload_is_read_as_a_sign():
    """The id of a button with one was asked of the database, and the click ended in a traceback."""
    assert text({"actions": [], "value": f"a{chr(0xDFFF)}b"}, "value") == "a�b"


def test_a_mail_goes_out_whatever_its_title_holds():
    sent = composed(Mail("k", "lead@aikeys.test", "P0: \ud800 down", "since \udfff\x1b[2J"), "bot@aikeys.test", NOON)
    read = email.message_from_bytes(sent, policy=policy.default)
    assert (read["subject"], read.get_content().strip()) == ("P0: � down", "since ��[2J")


def test_a_secret_behind_an_unfinished_colour_is_hidden():
    """A terminal takes the s of sb_secret_… for the end of ESC [: the rest had no shape any more."""
    for start in ("\x1b[", "\x1b", "\x1b[1;"):
        for secret in ("sb_secret_wA4OdzS2nIYMpTWa7LSjyNc0", "AKIAABCDEFGHIJKLMNOP", "password=wA4OdzS2nIYM"):
            assert secret[4:] not in redact([f"got {start}{secret} here"])[0]


def test_an_envelope_nested_too_deeply_has_a_kind_and_a_key():
    """Neither is asked of anything but text: what escaped there would have ended the reading of the socket."""
    assert _kind("interactive", NESTED) == "shortcut"
    assert _key("click", {"trigger_id": NESTED}, "e1") == "click:e1"


def test_what_was_asked_is_repeated_as_code():
    said = show(Planning("deploy <!channel> <https://evil.example|x>"))
    assert list(rules.markup(said.text)) == []


def test_what_the_machine_says_is_escaped_in_the_notification_too():
    said = own.unwritable("disk I/O error <!here> & more")
    assert list(rules.message(said.text, list(said.blocks))) == []


def test_a_hint_in_angle_brackets_is_no_link():
    one = Incident("incident/7", 7, "x", "P0", "Down", "open", NOON, "bot")
    said = incidents.listed([one])
    assert list(rules.message(said.text, list(said.blocks))) == []


def test_what_is_cut_is_cut_before_a_time_or_an_entity():
    at = when(NOON.timestamp(), "26 Nov 12:00 UTC")
    for more in range(2, 60):
        block = section("x" * (3000 - more) + at + "&lt;b&gt;" * 9)
        assert list(rules.message("x", [block, context("y" * (2000 - more) + at + "&amp;" * 40)])) == []


def test_of_two_buttons_with_one_id_there_is_one():
    block = actions(ask_button("a", "functions x"), ask_button("b", "health"), ask_button("c", "functions  x"))
    assert [one["text"]["text"] for one in block["elements"]] == ["a", "b"]


def test_a_home_that_nobody_has_is_no_source():
    with pytest.raises(SourceAway, match="home"):
        address.source("~nobody-at-all/wallet")


def test_a_modal_carries_ids_alone_along():
    assert _place("C" * 4000, "1.1") == Place()
    assert _place("C0OPS", "1" * 4000) == Place("C0OPS", "")
    assert _place("C0OPS", "1764158400.000100") == Place("C0OPS", "1764158400.000100")
