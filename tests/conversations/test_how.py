"""“How I know”: what was asked for an answer, who it was asked of, and how long that took."""

from datetime import timedelta

from bot.how import LONGEST, MOST, note, remembering
from bot.views.blocks import Message, actions, button, section
from bot.views.how import shown, with_button
from tests.chat import verdict, words
from tests.problems import problems


async def test_every_question_of_an_answer_is_shown_to_who_asks_how(chat):
    await chat.says("ana", "/aikeys health")
    await chat.until(verdict)

    await chat.clicks("zoe", "How I know")

    told = await chat.until("For this answer I asked", "zoe")
    text = words(told)
    assert "/functions/v1/health" in text or "GET 127.0.0.1" in text
    assert "/database/query/read-only" in text
    assert "SELECT" in text.upper()
    assert " 200 " in text or "200 in" in text
    assert not [one for one in chat.sees("ben") if "For this answer I asked" in words(one)], "to who clicked alone"


async def test_no_token_is_in_it(chat, environment):
    await chat.says("ana", "/aikeys health")
    await chat.until(verdict)
    await chat.clicks("ana", "How I know")
    told = await chat.until("For this answer I asked")
    for name in ("SUPABASE_ACCESS_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        assert environment[name] not in words(told)


async def test_a_failure_is_told_as_what_it_was(chat, project):
    async with project.answers("GET", r"/v1/projects/[a-z]+/functions$", status=500, body={"message": "boom"}):
        await chat.says("ana", "/aikeys health functions")
        await chat.until("How I know")
        await chat.clicks("ana", "How I know")
        told = await chat.until("For this answer I asked")
    assert "500" in words(told)


async def test_it_is_kept_for_seven_days(chat, bot):
    await chat.says("ana", "/aikeys health")
    await chat.until(verdict)
    bot.store.traces.purge(bot.clock.now() + timedelta(seconds=1))

    await chat.clicks("ana", "How I know")

    await chat.until("I do not know any more")


def test_the_button_joins_the_row_at_the_end():
    card = Message(text="x", blocks=[section("a"), actions(button("Ask again", "ask:x", "x"))])
    assert [one["text"]["text"] for one in with_button(card, 7).blocks[1]["elements"]] == ["Ask again", "How I know"]
    assert with_button(Message(text="x", blocks=[section("a")]), 7).blocks[-1]["type"] == "actions"
    assert with_button(Message(text="words alone"), 7).blocks[0]["text"]["text"] == "words alone"
    assert len(with_button(Message(text="x", blocks=[section("a")] * 50), 7).blocks) == 50


def test_what_is_noted_is_bounded():
    with remembering() as asked:
        for _ in range(MOST + 5):
            note("GET x", "s" * 9999, "200", 0.1)
    assert len(asked) == MOST
    assert all(len(one.detail) == LONGEST for one in asked)
    message = shown([one.to_json() for one in asked])
    assert not problems(message)


def test_outside_of_a_question_nothing_is_noted():
    note("GET x", "", "200", 0.1)
    with remembering() as asked:
        pass
    assert asked == []


def test_hostile_words_stay_words():
    message = shown([{"what": "GET <!channel>", "detail": "<!here> `x`", "outcome": "<@U1>", "seconds": 0.2}])
    assert "<!channel>" not in str(message.blocks[:2])
    assert "<@U1>" not in str(message.blocks)
