"""`/aikeys incident redact`: two people take back what should not stand there; no file and no message holds it."""

import pytest

from bot.incidents.redacting import TOMBSTONE, variants, without
from store.audit import verify
from tests.chat import words
from tests.running import KEY

SECRET = "the pooler's password is *Correct-Horse_Canary* <really> & nothing else"


async def test_it_is_gone_from_the_record_from_slack_and_from_the_disk(chat, bot, settings):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("P0 refunds", channel="#incidents")
    await chat.says("ana", f'/aikeys incident note "{SECRET.replace("<", "&lt;").replace(">", "&gt;")}"')
    await chat.until("Canary", channel="#incidents")
    await chat.says("zoe", "/aikeys timeline password", "#incidents")
    await chat.until("1 in the timeline", "zoe", "#incidents")
    await chat.says("zoe", "/aikeys incident show", "#incidents")
    await chat.until("refunds do not go out was opened", "zoe", "#incidents")
    row = bot.store.events.newest("incident.noted", 1)[0].id

    await chat.says("ana", f"/aikeys incident redact {row}", "#incidents")
    asked = words(await chat.until("asks to take back for good", channel="#incidents"))
    assert "Canary" not in asked
    await chat.clicks("ana", "Take it back", "#incidents")
    await chat.until("It takes two people", channel="#incidents")
    await chat.clicks("zoe", "Take it back", "#incidents")
    await chat.until("is not for you", "zoe", "#incidents")
    await chat.says("ana", "/aikeys incident resolve 1", "#incidents")
    await chat.until("P0 refunds do not go out · resolved", channel="#incidents")
    await chat.clicks("ben", "Take it back", "#incidents")  # also after the end: that is when people read it
    await chat.until("<@U0ANA> and <@U0BEN> have taken back", channel="#incidents")

    await chat.slack.until(lambda: not _shown(chat))
    assert next(one for one in bot.store.incidents.story("incident/1") if one.id == row).redacted
    assert bot.store.story.search(["Canary"]) == []
    assert verify(bot.store.db, KEY).ok
    bot.store.inbox.flush()
    for file in settings.data.glob("aikeys.sqlite*"):
        assert b"canary" not in file.read_bytes().lower(), file.name
    await chat.says("ana", f"/aikeys incident redact {row}", "#incidents")
    await chat.until("is gone already", channel="#incidents")
    await chat.says("ana", "/aikeys incident redact 2", "#incidents")
    await chat.until("holds nothing that somebody wrote", channel="#incidents")
    await chat.says("zoe", "/aikeys incident show", "#incidents")
    await chat.until("(taken back by two people)", "zoe", "#incidents")


TITLE = "refunds fail, Correct-Horse-Canary is in the page"


async def test_a_title_that_a_person_gave_is_taken_back_from_every_card(chat, bot, settings, town):
    await chat.says("ana", f'/aikeys incident open "{TITLE}" P0 --note "three customers wrote"')
    await chat.until("P0 refunds", channel="#incidents")
    await chat.says("zoe", "/aikeys incident", "#incidents")
    await chat.until("1 open", "zoe", "#incidents")
    await chat.says("zoe", "/aikeys health", "#incidents")
    await chat.until("Correct-Horse", "zoe", "#incidents")
    await chat.slack.until(lambda: bot.store.errands.get("incident/1", "room/pin"))
    row = bot.store.events.newest("incident.opened", 1)[0].id
    assert "Canary" in bot.store.errands.get("incident/1", "support").data["subject"]

    await chat.says("ana", f"/aikeys incident redact {row}", "#incidents")
    await chat.clicks("ben", "Take it back", "#incidents")
    assert "its own channel" in words(await chat.until("have taken back the words", channel="#incidents"))

    await chat.until("P0 (taken back by two people) · open", channel="#incidents")
    await chat.slack.until(lambda: not _shown(chat))
    assert "three customers" not in str(bot.store.incidents.story("incident/1")[0]), "the note goes with it"
    assert bot.store.incidents.of("incident/1").title == TOMBSTONE
    assert bot.store.events.open_incidents()[0].title == TOMBSTONE
    assert "Canary" not in str(bot.store.errands.of("incident/1"))
    room = next(one for one in chat.slack.state.channels.values() if one.name.startswith("inc-"))
    await chat.slack.until(lambda: "Canary" not in room.topic)
    assert verify(bot.store.db, KEY).ok
    bot.store.inbox.flush()
    for file in settings.data.glob("aikeys.sqlite*"):
        assert b"canary" not in file.read_bytes().lower(), file.name


def _shown(chat):
    everywhere = [
        *chat.sees("zoe", "#incidents"),
        *chat.sees("ana", "#incidents"),
        *chat.sees("ana"),
        *chat.sees("zoe"),
    ]
    return [one for one in everywhere if "canary" in words(one).lower()]


@pytest.mark.parametrize(
    "shown",
    ["before {} after", "{}", "twice {} and {}", "cut {cut}…", "> {}\n{}"],
)
@pytest.mark.parametrize("written", [SECRET, "line one\nline two with key 0123456789abcdef", "short key 7"])
def test_every_way_in_which_it_is_shown_is_found(shown, written):
    for one in variants(written):
        body = {"text": shown.replace("{cut}", one[: max(24, len(one) // 2)]).replace("{}", one), "blocks": [[one]]}
        left = without(body, variants(written))
        assert TOMBSTONE in left["text"]
        assert one[:24] not in str(left)


def test_what_only_looks_like_it_stays():
    assert without({"n": 7, "t": "the pooler is full"}, variants(SECRET)) == {"n": 7, "t": "the pooler is full"}
