"""rich_text and every part of it."""

import pytest

from playground.blockkit import check_blocks


def section(*parts):
    return {"type": "rich_text_section", "elements": list(parts)}


def words(text="words", **style):
    return {"type": "text", "text": text, **({"style": style} if style else {})}


LINK = {"type": "link", "url": "https://example.com", "text": "here", "style": {"bold": True}}
EMOJI = {"type": "emoji", "name": "rocket", "skin_tone": 2}
USER = {"type": "user", "user_id": "U012AB3CD", "style": {"highlight": True}}
DATE = {"type": "date", "timestamp": 1_700_000_000, "format": "{date_short_pretty} at {time}", "fallback": "then"}
INLINE = [
    words(bold=True, italic=True, strike=True, code=True, underline=False),
    LINK,
    EMOJI,
    USER,
    {"type": "usergroup", "usergroup_id": "S012AB3CD"},
    {"type": "channel", "channel_id": "C012AB3CD"},
    {"type": "team", "team_id": "T012AB3CD"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#F405B3"},
    DATE,
]
LIST = {
    "type": "rich_text_list",
    "style": "ordered",
    "indent": 8,
    "offset": 2,
    "border": 1,
    "elements": [section(words())],
}
QUOTE = {"type": "rich_text_quote", "elements": INLINE, "border": 0}
CODE = {"type": "rich_text_preformatted", "elements": [words("$ ls\n"), LINK], "border": 0}


def found_in(element, surface="message"):
    found = check_blocks([{"type": "rich_text", "block_id": "r", "elements": [element]}], surface)
    return [(one.pointer.removeprefix("/blocks/0/elements/0"), one.code) for one in found]


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("element", [section(*INLINE), LIST, QUOTE, CODE], ids=lambda one: one["type"])
def test_taken(element, surface):
    assert found_in(element, surface) == []


OF_PARTS = [
    ({"type": "blink"}, "/type", "unknown_kind"),
    ("words", "", "wrong_type"),
    (words(""), "/text", "empty"),
    (words(loud=True), "/style/loud", "unknown_key"),
    (words(bold="yes"), "/style/bold", "wrong_type"),
    ({"type": "text", "text": "x", "style": "bold"}, "/style", "wrong_type"),
    ({"type": "link", "text": "here"}, "/url", "missing"),
    ({**LINK, "url": "here"}, "/url", "bad_url"),
    ({**EMOJI, "name": ":rocket:"}, "/name", "bad_format"),
    ({**EMOJI, "skin_tone": 7}, "/skin_tone", "out_of_range"),
    ({**USER, "user_id": "ana"}, "/user_id", "bad_format"),
    ({**USER, "style": {"shiny": True}}, "/style/shiny", "unknown_key"),
    ({"type": "usergroup", "usergroup_id": "U1"}, "/usergroup_id", "bad_format"),
    ({"type": "channel"}, "/channel_id", "missing"),
    ({"type": "broadcast", "range": "all"}, "/range", "bad_value"),
    ({"type": "color", "value": "red"}, "/value", "bad_format"),
    ({**DATE, "timestamp": "now"}, "/timestamp", "wrong_type"),
    ({**DATE, "format": "today"}, "/format", "bad_format"),
    ({**DATE, "format": "{date"}, "/format", "bad_format"),
    (section(words()), "/type", "unknown_kind"),
]


@pytest.mark.parametrize(("part", "pointer", "code"), OF_PARTS)
def test_refused_in_a_section(part, pointer, code):
    assert found_in(section(words(), part)) == [("/elements/1" + pointer, code)]


OF_ELEMENTS = [
    (words(), "/type", "unknown_kind"),
    (section(), "/elements", "too_few"),
    ({"type": "rich_text_section"}, "/elements", "missing"),
    ({**LIST, "style": "dash"}, "/style", "bad_value"),
    ({**LIST, "elements": [words()]}, "/elements/0/type", "unknown_kind"),
    ({**LIST, "indent": 9}, "/indent", "out_of_range"),
    ({**LIST, "offset": -1}, "/offset", "out_of_range"),
    ({**LIST, "border": 2}, "/border", "out_of_range"),
    ({**QUOTE, "border": True}, "/border", "wrong_type"),
    ({**CODE, "elements": [USER]}, "/elements/0/type", "unknown_kind"),
    ({**CODE, "language": "sql"}, "/language", "unknown_key"),
]


@pytest.mark.parametrize(("element", "pointer", "code"), OF_ELEMENTS)
def test_refused(element, pointer, code):
    assert found_in(element) == [(pointer, code)]


def test_a_block_of_nothing_is_refused():
    found = check_blocks([{"type": "rich_text", "elements": []}], "message")

    assert [(one.pointer, one.code) for one in found] == [("/blocks/0/elements", "too_few")]
