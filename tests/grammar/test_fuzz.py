"""Any text at all: an answer or a refusal, and never a ping."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Refused
from bot.grammar import parse
from bot.views.blocks import escape
from tests.longer import LONGER

_PIECES = st.sampled_from([
    "health", "logs", "deploy", "help", "db", "--limit", "--follow", "—level", "=", '"', "“", "”", "'", "\\", "--", "-",
    "<!channel>", "<!here>", "<@U1|x>", "<", ">", "|", "&amp;", "&lt;", "\x00", "\u202e", "\ud800", "\n", " ", "5", "é",
    "𝔘",
])  # fmt: skip
_LINES = st.one_of(
    st.text(max_size=80), st.lists(_PIECES, max_size=12).map(" ".join), st.lists(_PIECES, max_size=12).map("".join)
)


@pytest.mark.slow
@settings(max_examples=650 * LONGER, derandomize=LONGER == 1, deadline=None)
@given(lines=st.lists(_LINES, min_size=20, max_size=20, unique=True))
def test_nothing_but_a_refusal_escapes(commands, lines):
    """13,000 lines, over 10,000 different: each is parsed or refused in short sentences that ping nobody once shown."""
    for line in lines:
        _is_parsed_or_refused(line, commands)


def _is_parsed_or_refused(line, commands):
    refused = None
    try:
        parsed = parse(line, commands)
    except Refused as error:
        refused = error
    if refused is not None:
        assert len(str(refused)) < 1500
        for part in (refused.what, refused.why, refused.do):
            assert part
            assert not set("<>") & set(escape(part, 600))
        return
    assert parsed.command.name in commands
    assert isinstance(parsed.args, parsed.command.args)
    assert parsed.line.split(maxsplit=1)[0] == parsed.command.name


@settings(max_examples=500 * LONGER, derandomize=LONGER == 1, deadline=None)
@given(words=st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12), max_size=5))
def test_a_quoted_word_comes_through_unchanged(commands, words):
    """What somebody puts in quotes is what the command gets."""
    quoted = " ".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words)
    sent = quoted.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert list(parse(f"logs db {sent}", commands).args.model_dump()["words"]) == [word.strip() for word in words]
