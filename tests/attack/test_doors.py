"""Every door into the bot, tried by somebody who may not or with something that Slack's client would never send."""

import itertools
import json
import re

import pytest

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.registry import load
from bot.views.blocks import Message
from tests.chat import Chat, words
from tests.running import running
from tests.wait import eventually

_NUMBER = itertools.count(1)


class Nothing(Args):
    """No arguments."""


@pytest.fixture
def poked() -> list[str]:
    return []


@pytest.fixture
async def bot(town, settings, clock, poked):
    """The bot, with commands that change something: anybody may type one of them, only operators the other."""

    @command(role=Role.VIEWER, risk=Risk.CHANGE, examples=["poke"])
    async def poke(ctx: Context, args: Nothing) -> str:
        """Poke it."""
        poked.append(ctx.caller.user)
        return "It was poked."

    @command(role=Role.OPERATOR, risk=Risk.READ, examples=["peek"])
    async def peek(ctx: Context, args: Nothing) -> str:
        """Look behind the curtain."""
        return "The curtain was lifted."

    poke.view(Message)
    peek.view(Message)
    async with running(settings, clock, load() | {"poke": poke, "peek": peek}) as bot:
        yield bot


@pytest.fixture
def chat(town, bot) -> Chat:
    return Chat(town.slack)


def handed(bot, kind: str, payload) -> None:
    """An envelope comes down the bot's own socket."""
    bot.inbox.arrive(
        bot.sockets.lines[0].current, {"envelope_id": f"e{next(_NUMBER)}", "type": kind, "payload": payload}
    )


async def worked_off(bot) -> None:
    await bot.inbox.idle()
    await eventually(lambda: not bot.work.depth, 15)
    bot.store.inbox.flush()


def click(action: str, value: str = "", user: str = "U0ANA", **more):
    number = next(_NUMBER)
    return {
        "type": "block_actions",
        "trigger_id": f"t{number}",
        "user": {"id": user, "team_id": more.pop("team", "T0AIKEYS")},
        "channel": {"id": "C0OPS"},
        "container": {"type": "message", "message_ts": "1.000001", "channel_id": "C0OPS"},
        "message": {"ts": "1.000001"},
        "actions": [{"action_id": action, "value": value, "type": "button", "block_id": "b"}],
    } | more


def event(text: str, **more):
    number = next(_NUMBER)
    inner = {
        "type": "app_mention",
        "user": "U0ANA",
        "text": f"<@U0BOT> {text}",
        "channel": "C0OPS",
        "ts": f"{number}.000001",
    }
    return {"type": "event_callback", "event_id": f"Ev{number}", "team_id": "T0AIKEYS", "event": inner | more}


async def test_a_button_asks_and_never_changes(chat, bot, poked):
    """A forged value names a command that changes something; Ana may type it, a button may not."""
    for value in ("poke", "POKE", "  poke", "/poke", "“poke”"):
        handed(bot, "interactive", click("aikeys:ask:health", value))
    await worked_off(bot)
    assert poked == []
    assert "may ask, and not change" in words(await chat.until("was not run"))

    await chat.says("ana", "/aikeys poke")
    await chat.until("It was poked")


async def test_a_button_may_ask_what_the_clicker_may_ask(chat, bot):
    """An operator's question is answered to the operator, refused to the viewer."""
    handed(bot, "interactive", click("aikeys:ask:peek", "peek"))
    await chat.until("The curtain was lifted")
    handed(bot, "interactive", click("aikeys:ask:peek", "peek", user="U0ZOE"))
    assert "is not for you" in words(await chat.until("is not for you", who="zoe"))


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 400, "1; DROP TABLE traces"])
async def test_a_forged_id_of_an_answer_finds_nothing(chat, bot, value):
    handed(bot, "interactive", click("aikeys:how", value))
    await chat.until("I do not know any more")


@pytest.mark.parametrize("action", ["aikeys:logs", "aikeys:ask:health", "aikeys:nonsense", "aikeys:"])
@pytest.mark.parametrize(("user", "channel", "who"), [("U0GUS", "C0OPS", "gus"), ("U0SAM", "C0EXT", "sam")])
async def test_a_guest_gets_nothing_from_any_button(chat, bot, town, action, user, channel, who):
    """Cards stand where guests read them: a click of theirs names no project, no address, no command."""
    payload = click(action, "health", user=user, team=town.slack.state.users[user].team, channel={"id": channel})
    handed(bot, "interactive", payload)
    await worked_off(bot)
    seen = [one for one in chat.sees(who, "#ops" if who == "gus" else "#partners") if one.get("bot_id")]
    assert seen
    for one in seen:
        assert "members of this workspace only" in words(one)
        assert town.project.ref not in words(one)


@pytest.mark.parametrize("team", ["T0OTHER", "", "E0GRID"])
async def test_another_workspaces_id_opens_nothing(bot, chat, town, poked, team):
    """Somebody of another workspace, whatever team the payload claims for them."""
    handed(bot, "interactive", click("aikeys:ask:poke", "poke", user="U0SAM", team=team))
    handed(bot, "slash_commands", {"command": "/aikeys", "text": "poke", "user_id": "U0SAM", "team_id": team,
                                   "channel_id": "C0EXT", "trigger_id": f"t{next(_NUMBER)}"})  # fmt: skip
    handed(bot, "events_api", event("poke", user="U0SAM", team=team, channel="C0EXT"))
    await worked_off(bot)
    assert poked == []


@pytest.mark.parametrize(
    "odd",
    [
        {"bot_id": "B0OTHER"},
        {"bot_id": "B0BOT", "user": "U0BOT"},
        {"user": "U0BOT"},
        {"user": "USLACKBOT"},
        {"subtype": "bot_message", "user": None},
        {"type": "message", "channel_type": "im", "subtype": "message_changed"},
        {"type": "message", "channel_type": "im", "subtype": "message_deleted"},
        {"type": "message", "channel_type": "channel"},
        {"type": "message", "channel_type": "im", "bot_id": "B0OTHER"},
        {"type": "message", "channel_type": "im", "subtype": "me_message"},
        {"type": "reaction_added"},
    ],
    ids=str,
)
async def test_no_bot_and_no_echo_starts_anything(bot, chat, poked, odd):
    """Neither another bot nor the bot itself nor an edit: nothing is run, nothing is said in the channel."""
    handed(bot, "events_api", event("poke", **odd))
    await worked_off(bot)
    assert poked == []
    assert not [one for one in chat.sees("ben") if one.get("bot_id") and "Audit head" not in one["text"]]


async def test_a_replayed_delivery_does_nothing_twice(bot, chat, poked):
    """The same trigger id, event id or envelope again, also with other words in it."""
    said = {"command": "/aikeys", "text": "poke", "user_id": "U0ANA", "team_id": "T0AIKEYS", "channel_id": "C0OPS",
            "trigger_id": "replayed"}  # fmt: skip
    for _ in range(3):
        handed(bot, "slash_commands", said)
        await worked_off(bot)
    handed(bot, "slash_commands", said | {"user_id": "U0BEN"})
    await worked_off(bot)
    assert poked == ["U0ANA"]


async def test_half_a_surrogate_fails_nobody_elses_command(bot, chat):
    """An id that SQLite cannot store comes in one batch with a good command: that one is kept and answered."""
    broken = event("nonsense1") | {"event_id": "\ud800"}
    handed(bot, "events_api", broken)
    bot.inbox.arrive(bot.sockets.lines[0].current, {"envelope_id": "\udfff", "type": "events_api", "payload": broken})
    handed(bot, "events_api", event("nonsense2"))
    assert "nonsense2" in words(await chat.until("nonsense2"))


async def test_what_is_nested_without_end_deafens_nobody(bot, chat):
    """It is not kept and not acknowledged; what comes after it is."""
    deep: object = "x"
    for _ in range(5_000):
        deep = [deep]
    handed(bot, "interactive", {"type": "message_action", "trigger_id": "deep", "message": {"attachments": deep}})
    handed(bot, "events_api", event("nonsense3"))
    assert "nonsense3" in words(await chat.until("nonsense3"))


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "//hooks.slack.com/x",
        "file:///etc/passwd",
    ],
)
async def test_a_response_url_elsewhere_is_never_called(bot, url):
    assert not bot.slack.ours(url)


async def test_a_forged_response_url_costs_nothing(bot, chat, town):
    """The answer goes by chat.postEphemeral instead."""
    said = {"command": "/aikeys", "text": "nonsense", "user_id": "U0ANA", "channel_id": "C0OPS", "trigger_id": "x"}
    handed(bot, "slash_commands", said | {"response_url": "http://127.0.0.1:1/"})
    assert (await chat.until("nonsense"))["ephemeral"]


async def test_hostile_values_from_a_button_come_back_harmless(bot, chat, town):
    for value in ("health <!channel>", "<!here|x>", "help <@U0BEN>", "health\n<!everyone>", "a" * 20_000):
        handed(bot, "interactive", click("aikeys:ask:x", value))
    await worked_off(bot)
    said = json.dumps(
        [one.as_control() for each in town.slack.state.channels for one in town.slack.state.seen(each, "U0ANA")]
    )
    assert "no command" in said or "too many" in said
    assert not re.search(r"<!(channel|here|everyone|subteam)", said)
    assert "<@U0BEN>" not in said
