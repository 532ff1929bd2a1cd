"""`/aikeys runbook`, as people ask it, and the reading of its text."""

import time

import pytest

from bot.context import Target
from bot.registry import load
from bot.runbook.asking import find
from bot.runbook.reading import Kind, pages, read
from bot.runbook.search import search
from bot.views.runbook import show
from tests.chat import words
from tests.problems import problems

COMMANDS = load()
HERE = Target("abcdefghijklmnopqrst")


async def test_a_page_has_its_commands_as_buttons_and_they_answer_in_its_thread(chat):
    await chat.says("ana", "/aikeys runbook webhook 401")
    page = await chat.until("Webhook Failures")
    assert "signature validation failures" in words(page)
    assert "emolyyvmvvfjyxbguhyn" in words(page)

    await chat.clicks("zoe", "health webhooks")

    card = await chat.until("asked `/aikeys health webhooks`")
    assert card["thread_ts"] == page["ts"]
    assert "signature validation failures" in words(await chat.until("Webhook Failures")), "the page stays"


async def test_from_the_contents_to_a_page_and_back_in_one_message(chat):
    await chat.says("zoe", "/aikeys runbook")
    contents = await chat.until("Escalation Procedures", who="zoe")

    await chat.clicks("zoe", "Open")  # the first
    page = await chat.until("step-by-step", who="zoe")
    assert page["ts"] == contents["ts"]
    await chat.clicks("zoe", "Contents")
    await chat.until("Escalation Procedures", who="zoe")


async def test_hostile_words_are_words(chat):
    await chat.says("ana", "/aikeys runbook <!channel> '; drop table x \u202e *b* <https://evil.example|click>")
    answer = words(await chat.until("character that cannot be typed"))
    await chat.says("ana", "/aikeys runbook zzzz <!channel> zz';zzzz `qq` <https://evil.example|klick>")
    answer += words(await chat.until("📖"))
    assert "<!channel>" not in answer
    assert "<https://evil" not in answer


async def test_a_guest_reads_nothing(chat):
    await chat.says("gus", "/aikeys runbook")
    assert (await chat.until("members of this workspace only", who="gus"))["ephemeral"]


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("wehbook failurs", "Webhook Failures"),
        ("the database is down", "Database Connection Issues"),
        ("functoin 500", "Edge Function Errors"),
        ("revert migration", "Database Migration Rollback"),
        ("leaked secret", "Circle API Keys"),
        ("who to ring", "Contact Information"),
        ("P0", "Critical Issues (P0)"),
        ("Backup & Recovery", None),
        ("1. jwt secrets", "JWT Secrets"),
        ("a customer's payment is missing, we saw invalid signature in payments-circle-webhook", "Webhook Failures"),
    ],
)
def test_words_find_the_page(asked, page):
    found = find(pages(), asked, COMMANDS, HERE)
    assert (found.page.title if found.page else None) == page


@pytest.mark.parametrize(
    "asked", ["", "x" * 10_000, "<!here> " * 900, "\x1b[31mzz", "qqqq", "troubleshooting", "db reset"]
)
def test_whatever_is_asked_the_card_is_one_slack_takes(asked):
    message = show(find(pages(), asked, COMMANDS, HERE))
    assert not problems(message)
    assert "<!here>" not in str(message)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.title)
def test_every_page_is_one_slack_takes(page):
    found = find(pages(), page.title, COMMANDS, HERE)
    assert found.page == page
    message = show(found)
    assert not problems(message)
    buttons = [one["value"] for block in message.blocks for one in block.get("elements", []) if one.get("value")]
    assert not [line for line in buttons if line.split()[0] in ("deploy", "rollback", "freeze")], "it only asks"


def test_what_must_never_be_run_stands_before_it():
    for title in ("Recovery Procedures", "Database Migration Rollback"):
        said = str(show(find(pages(), title, COMMANDS, HERE)).blocks)
        assert (
            said.index("⛔") < said.index("Instead") < said.index("supabase db push" if "Rec" in title else "manually")
        )


def test_a_long_question_costs_little():
    began = time.perf_counter()
    search(pages(), "webhok signatur lorem " * 400)
    assert time.perf_counter() - began < 0.1


def test_reading_keeps_fences_notes_and_prose_apart():
    (page,) = read(
        "# T\n## A\n### 1. B\n> **In Slack**: `/aikeys x y`\n> and `/aikeys z`\n\nwords\n\n"
        "```sh\n# not a heading\n> x\n```\n"
    )
    assert (page.section, page.title) == ("A", "B")
    assert page.named(Kind.IN_SLACK) == ("x y", "z")
    assert [piece.lines for piece in page.pieces] == [("words",), ("# not a heading", "> x")]
    assert [piece.code for piece in page.pieces] == [False, True]
