"""What a line means."""

from datetime import UTC, datetime

import pytest

from bot.grammar import parse, usage


@pytest.mark.parametrize(
    ("text", "name", "given"),
    [
        pytest.param("", "help", {}, id="nothing is help"),
        pytest.param("  \t\n ", "help", {}, id="blanks are help"),
        pytest.param("help", "help", {}, id="help"),
        pytest.param("--help", "help", {}, id="as in a shell"),
        pytest.param("health --help", "help", {"command": "health"}, id="help about a command"),
        pytest.param("logs db --limit 3 —help", "help", {"command": "logs"}, id="help wins, with a phone's dash"),
        pytest.param("health", "health", {}, id="no arguments"),
        pytest.param("health database", "health", {"part": "database"}, id="by position"),
        pytest.param("health --part database", "health", {"part": "database"}, id="by name"),
        pytest.param("health --part=database", "health", {"part": "database"}, id="by name with ="),
        pytest.param("Health Database", "health", {"part": "database"}, id="a phone's capitals"),
        pytest.param("health\u00a0database", "health", {"part": "database"}, id="a hard blank"),
        pytest.param("health \u200bdatabase\ufeff", "health", {"part": "database"}, id="residue of copying"),
        pytest.param("logs db", "logs", {"source": "db"}, id="needed only"),
        pytest.param("logs db a b", "logs", {"source": "db", "words": ("a", "b")}, id="all words that are left"),
        pytest.param('logs db "a b" c', "logs", {"source": "db", "words": ("a b", "c")}, id="quoted"),
        pytest.param("logs db “a b” ‘c d’", "logs", {"source": "db", "words": ("a b", "c d")}, id="curly quotes"),
        pytest.param("logs db don’t isn't", "logs", {"source": "db", "words": ("don’t", "isn't")}, id="apostrophes"),
        pytest.param("logs db 'it isn't'", "logs", {"source": "db", "words": ("it isn't",)}, id="apostrophe in quotes"),
        pytest.param(r'logs db "say \"hi\" \\ x"', "logs", {"source": "db", "words": ('say "hi" \\ x',)}, id="escaped"),
        pytest.param('logs db ""', "logs", {"source": "db", "words": ("",)}, id="an empty word"),
        pytest.param(
            'logs db "--follow"', "logs", {"source": "db", "words": ("--follow",)}, id="a quoted option is a word"
        ),
        pytest.param("logs db -- --follow -x", "logs", {"source": "db", "words": ("--follow", "-x")}, id="after --"),
        pytest.param("logs db — x", "logs", {"source": "db", "words": ("—", "x")}, id="a dash alone is a word"),
        pytest.param("logs db -5", "logs", {"source": "db", "words": ("-5",)}, id="a number below zero is a word"),
        pytest.param("logs db --follow", "logs", {"source": "db", "follow": True}, id="flag"),
        pytest.param(
            "logs db —follow –limit 5", "logs", {"source": "db", "follow": True, "limit": 5}, id="long dashes"
        ),
        pytest.param("logs db --no-colour", "logs", {"source": "db", "colour": False}, id="flag off"),
        pytest.param("logs --limit 5 db x", "logs", {"source": "db", "limit": 5, "words": ("x",)}, id="options first"),
        pytest.param("logs --source db x", "logs", {"source": "db", "words": ("x",)}, id="named, then by position"),
        pytest.param("logs db --level ERROR", "logs", {"source": "db", "level": "error"}, id="an enum's own spelling"),
        pytest.param("logs db --words a b", "logs", {"source": "db", "words": ("a", "b")}, id="named and more"),
        pytest.param('logs db --level="error"', "logs", {"source": "db", "level": "error"}, id="= and quotes"),
        pytest.param(
            "logs db --since 2026-11-22T09:30Z",
            "logs",
            {"source": "db", "since": datetime(2026, 11, 22, 9, 30, tzinfo=UTC)},
            id="a time",
        ),
        pytest.param(
            "deploy v1 --function_name pay",
            "deploy",
            {"function_name": "pay", "ref": "v1"},
            id="what is named is passed over",
        ),
        pytest.param("deploy --function-name pay v1", "deploy", {"function_name": "pay", "ref": "v1"}, id="underscore"),
        pytest.param("deploy --function_name pay", "deploy", {"function_name": "pay"}, id="underscore as typed"),
    ],
)
def test_a_line_means(asked, text, name, given):
    """By position in field order, by name, as a flag; as phones and macOS send it."""
    assert asked(text) == (name, given)


def test_the_line_is_shown_with_single_blanks(commands):
    """`line` is what the channel reads: it says which command it was, whatever was typed."""
    assert parse("  HEALTH    database ", commands).line == "health database"
    assert parse("", commands).line == "help"
    assert parse("health --help", commands).line == "help health"
    assert parse("logs db “a  b”", commands).line == 'logs db "a  b"'


def test_usage_reads_as_it_is_typed(commands):
    """Needed in angle brackets, optional in square ones; what follows a list is an option only."""
    assert commands["health"].usage == "health [part]"
    assert commands["deploy"].usage == "deploy <function-name> [ref]"
    assert usage(commands["logs"].args) == (
        "<source> [words …] [--level LEVEL] [--limit LIMIT] [--since SINCE] [--follow] [--no-colour]"
    )


@pytest.mark.parametrize("text", ["hello, is anyone there?", "Hi!", "hey what's up", " thanks"])
def test_a_greeting_is_answered_with_what_may_be_asked(commands, text):
    parsed = parse(text, commands)
    assert (parsed.line, parsed.greeted) == ("help", True)
    assert not parse("health", commands).greeted
