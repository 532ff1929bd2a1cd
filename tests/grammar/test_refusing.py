"""What is refused, and how it helps."""

import pytest

from bot.errors import Refused
from bot.grammar import LONGEST, parse
from bot.registry import load


def refusal(text, commands) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(text, commands)
    return caught.value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(
            "health databse",
            "part must be one of database, webhooks, functions; you wrote “databse”: did you mean database?",
            id="a typo in a choice",
        ),
        pytest.param(
            "health zzz", "part must be one of database, webhooks, functions; you wrote “zzz”.", id="nothing like it"
        ),
        pytest.param("health database now", "One word too many: “now”.", id="a word too many"),
        pytest.param("health database now please", "Words too many: “now”, “please”.", id="two too many"),
        pytest.param("health a b c d e f g", "Words too many: “b”, “c”, “d”, “e” ….", id="a pasted sentence"),
        pytest.param("health --prt x", "There is no option “--prt”: did you mean --part?", id="a typo in an option"),
        pytest.param("health -part x", "There is no option “-part”: did you mean --part?", id="one dash"),
        pytest.param("health --no-part", "There is no option “--no-part”: did you mean --part?", id="no flag"),
        pytest.param("logs", "“source” is missing, one of db, auth, functions. It is where from.", id="missing"),
        pytest.param("logs db --limit x", "limit must be a whole number; you wrote “x”.", id="no number"),
        pytest.param("logs db --limit 0", "limit must be 1 or more; you wrote “0”.", id="too small"),
        pytest.param("logs db --limit 1001", "limit must be 1000 or less; you wrote “1001”.", id="too large"),
        pytest.param(
            "logs db --since soon", "since must be a time such as 2026-11-22T09:30Z; you wrote “soon”.", id="time"
        ),
        pytest.param("logs db --limit", "--limit needs a value after it.", id="no value"),
        pytest.param("logs db --limit --follow", "--limit needs a value after it.", id="an option for a value"),
        pytest.param("logs db --limit 1 --limit 2", "limit is given twice.", id="twice"),
        pytest.param("logs db --follow --no-follow", "follow is given twice.", id="on and off"),
        pytest.param(
            "logs db --follow=yes", "--follow takes no value; write --follow or --no-follow.", id="a flag's value"
        ),
        pytest.param("deploy x", "function-name must be at least 2 characters long; you wrote “x”.", id="too short"),
        pytest.param("deploy pay nowhere", "ref: there is no such commit.", id="our own validator"),
        pytest.param(
            "logs dx --limit x",
            "source must be one of db, auth, functions; you wrote “dx”. limit must be a whole number; you wrote “x”.",
            id="two problems at once",
        ),
    ],
)
def test_the_reason_is_a_sentence(commands, text, why):
    """The offending word is named, the choices are listed, the nearest is suggested; how to ask is always said."""
    error = refusal(text, commands)
    name = text.split()[0]
    assert error.why == why
    assert error.what == f"/aikeys {name} was not run."
    assert error.do == f"Use: /aikeys {commands[name].usage}. More: /aikeys help {name}."


@pytest.mark.parametrize(
    ("text", "meant"),
    [("helth", "health"), ("heatlh", "health"), ("lgos", "logs"), ("dep", "deploy"), ("HEALHT", "health")],
)
def test_an_unknown_command_gets_the_nearest(commands, text, meant):
    """A typo costs one more try, not a look into the manual."""
    error = refusal(text, commands)
    assert error.why == f"Did you mean {meant}?"
    assert error.do == f"Type /aikeys {meant}, or /aikeys help."


def test_help_is_named_once(commands):
    """“/aikeys help, or /aikeys help” would help nobody."""
    assert refusal("hlep", commands).do == "Type /aikeys help."


def test_nothing_near_gets_the_list(commands):
    """Where nothing is near, all are named."""
    error = refusal("xyzzy", commands)
    assert error.why == "There are: health, logs, deploy, help."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("health \x00", "U+0000", id="NUL"),
        pytest.param("health \x1b[31m", "U+001B", id="ANSI"),
        pytest.param("health \u202edatabase", "U+202E RIGHT-TO-LEFT OVERRIDE", id="turned round"),
        pytest.param("health \ud800", "U+D800", id="half a character"),
        pytest.param("health 'database", "character 8", id="an open quote"),
        pytest.param("health “", "character 8", id="an open curly quote"),
        pytest.param("x" * (LONGEST + 1), "10,001 characters", id="a pasted log"),
    ],
)
def test_a_line_that_cannot_be_read(commands, text, why):
    """It is refused as a whole; nothing of it is run."""
    error = refusal(text, commands)
    assert error.what == "That line was not read."
    assert why in error.why


def test_a_secret_is_not_repeated(commands):
    """Who pastes a token by mistake does not get it posted back."""
    for text in ("xoxb-123456789012-abcdef", "health sbp_" + "a" * 40, 'health --part="Bearer abcdefgh12345"'):
        said = str(refusal(text, commands))
        assert "[hidden]" in said
        assert text[-6:].strip('"') not in said


def test_a_long_word_is_cut(commands):
    """A refusal stays readable whatever was pasted."""
    error = refusal("health " + "y" * 5000, commands)
    assert len(str(error)) < 400
    assert "…" in error.why


@pytest.mark.parametrize("line", ["deploy health main fast", "migrate 20261103171500 main fast", "rotate circle fast"])
def test_a_word_too_many_is_no_reason(line):
    """A reason is what was written as one: nothing slips onto a card because it stood at the end."""
    assert "“fast”" in str(refusal(line, load()))
