"""Every free word of every command, whatever is typed there: answered or refused; nobody is pinged, nothing breaks."""

from typing import Any

import pytest

from bot.grammar.arguments import arguments
from bot.registry import load
from playground.blockkit import check_message
from playground.source import WalletRepository
from tests.wait import eventually

HOSTILE = [
    "<!channel>",
    "'; drop table events; --",
    "\x1b[31mred",
    "\u202egnp.exe",
    "x" * 9_900,
    "x" * 10_000,
]  # one at the door
NEEDED = {
    "function": "health", "source": "db", "text": "seen", "title": "odd", "what": "function", "who": "me", "to": "P0",
    "number": "1", "into": "2", "row": "1", "words": "pool", "version": "20261103171500",
}  # fmt: skip
MORE = dict.fromkeys(
    (f"incident {one}" for one in ("note", "resolve", "assign", "severity")), "--number 1"
)  # several are open by then


def lines() -> list[str]:
    """Each argument that takes any word, with each value; what is needed beside it is in order."""
    found = []
    for command in load().values():
        for one in arguments(command.args):
            if one.flag or one.choices:
                continue
            needed = [NEEDED[other.name] for other in arguments(command.args) if other.required and other != one]
            needed += [MORE[command.name]] if command.name in MORE and one.name != "number" else []
            option = "" if one.many or one.required else f"--{one.name} "
            found += [" ".join([command.name, *needed, f'{option}"{value}"']) for value in HOSTILE]
    return found


@pytest.fixture
def environment(environment, tmp_path):
    """With a repository, so that a hostile ref reaches git."""
    repository = WalletRepository(tmp_path / "wallet")
    repository.build()
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_a_hostile_word(chat, bot, town):
    town.slack.limits.off = True
    said = ["incident open first", *lines()]
    assert len(said) > 100
    await chat.says("ana", f"/aikeys {said[0]}")
    await chat.until("first")
    for line in said[1:]:
        await chat.says("ana", f"/aikeys {line}")
    await bot.inbox.idle()
    await eventually(lambda: None not in _outcomes(bot).values(), 30)
    assert len(_outcomes(bot)) == len(said)
    odd = {id_: outcome for id_, outcome in _outcomes(bot).items() if outcome not in ("answered", "refused")}
    assert odd == {}
    assert list(_outcomes(bot).values()).count("answered") > 13  # some are words like any other
    for who, channel in (("ana", "#ops"), ("ana", "#incidents"), ("ana", "@ana"), ("ben", "@ben")):
        for message in chat.sees(who, channel):
            if message.get("bot_id") and not message.get("files"):  # a file needs no text
                assert not check_message(message), check_message(message)
                harmless(message)


def harmless(message: Any) -> None:
    """No text of it pings; none colours or turns round what stands beside it, not even where it is shown as it is."""
    for text in _texts([message.get("text", ""), message.get("blocks", [])]):
        assert not {"\x1b", "\u202e"} & set(text), text[:300]
        assert "<!channel>" not in text, text[:300]


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):  # what a button carries is nobody's to read
        return [text for key, inner in value.items() if key not in ("value", "action_id") for text in _texts(inner)]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, list) else []


def _outcomes(bot) -> dict[int, str | None]:
    """Of what was typed; the bot also hears what it does itself in the channel that it makes for an incident."""
    bot.store.inbox.flush()
    sql = "SELECT id, outcome FROM deliveries WHERE kind = 'command'"
    return {row["id"]: row["outcome"] for row in bot.store.db.query(sql)}
