"""What every command owes its users, whoever writes it."""

import re
from typing import Any

import pytest

from bot.command import Command, Risk, Role
from bot.grammar import parse, usage
from bot.grammar.arguments import arguments
from bot.registry import load
from bot.runbook import SECTIONS, order, plain, section

COMMANDS = load()
EACH = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


@EACH
def test_says_what_it_does(command: Command[Any, Any]):
    """One line of summary that ends as a sentence does."""
    assert 8 <= len(command.summary) <= 80
    assert command.summary.endswith(".")
    assert re.fullmatch(r"[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)?", command.name)


@EACH
def test_describes_its_arguments(command: Command[Any, Any]):
    """Each with a few words, no full stop: help puts it there."""
    for argument in arguments(command.args):
        assert argument.help, argument.name
        assert not argument.help.endswith(".")
    assert usage(command.args).count("[") == usage(command.args).count("]")


@EACH
def test_has_a_view(command: Command[Any, Any]):
    """A command returns facts; a pure function shows them."""
    assert command.show is not None
    assert isinstance(command.role, Role)
    assert isinstance(command.risk, Risk)


@EACH
def test_what_only_looks_is_for_everybody_who_may_look(command: Command[Any, Any]):
    """And what can change something is for operators at least."""
    assert (command.role is Role.VIEWER) == (command.risk is Risk.READ)


@EACH
def test_what_can_destroy_can_be_looked_at_first(command: Command[Any, Any]):
    """`--plan` shows what would be asked for, and asks for nothing."""
    assert command.risk is not Risk.DESTRUCTIVE or "plan" in command.args.model_fields


@EACH
def test_its_examples_are_understood(command: Command[Any, Any]):
    """What help and README show can be typed as it stands."""
    assert command.examples
    for example in command.examples:
        assert parse(example, COMMANDS).command is command


@EACH
def test_has_a_test_file(command: Command[Any, Any], root):
    """Named after it, somewhere under tests."""
    assert list((root / "tests").rglob(f"test_{re.sub('[- ]', '_', command.name)}.py"))


@EACH
def test_what_people_write_is_not_repeated_over_the_answer(command: Command[Any, Any]):
    """Two people can take it back from the record and from letters; from a line over an answer nobody could."""
    writes = {"reason", "why", "note", "text"} & set(command.args.model_fields)
    assert not writes or command.wordy or command.private


@EACH
def test_names_headings_that_exist(command: Command[Any, Any]):
    """Help is grouped by them."""
    for heading in command.runbook:
        assert order(section([heading])) < len(SECTIONS)


def test_the_runbooks_headings_are_the_owners(root):
    """What the code knows of the runbook is what stands in it."""
    found: dict[str, list[str]] = {}
    fenced = False
    for line in (root / "docs" / "runbook.md").read_text().splitlines():
        fenced ^= line.startswith("```")
        if fenced:
            continue
        if line.startswith("## ") and line != "## Overview":
            found[line[3:]] = []
        elif line.startswith("### "):
            found[list(found)[-1]].append(plain(line[4:]))
    assert {name: tuple(below) for name, below in found.items()} == SECTIONS
    assert list(found) == list(SECTIONS)


def test_help_exists():
    """The grammar leads there from an empty line."""
    assert parse("", COMMANDS).command is COMMANDS["help"]
