"""Events: who gets them, and again where nobody took them."""

import asyncio


async def test_a_mention_arrives_with_its_envelope(ws, line):
    held = await line()
    said = await ws.say("ana", "ops", "@aikeys health")
    envelope = await held.take()
    body = envelope["payload"]
    assert envelope["accepts_response_payload"] is False
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    assert body["type"] == "event_callback"
    assert body["authorizations"][0]["user_id"] == "U0BOT"
    assert body["event"]["type"] == "app_mention"
    assert (body["event"]["text"], body["event"]["ts"]) == ("<@U0BOT> health", said["ts"])


async def test_an_event_comes_again_three_times_and_then_no_more(ws, line, clock):
    ws.app.events = {"app_mention"}
    held = await line()
    await ws.say("ana", "ops", "@aikeys health")
    first = await held.frame()
    ids = {first["envelope_id"]}
    for attempt, wait in ((1, 3), (2, 63), (3, 303)):
        await clock.passes(seconds=wait)
        again = await held.frame()
        ids.add(again["envelope_id"])
        assert (again["retry_attempt"], again["retry_reason"]) == (attempt, "timeout")
        assert again["payload"]["event_id"] == first["payload"]["event_id"]
    await clock.passes(hours=2)
    assert len(ids) == 4
    assert len(ws.journal.entries("events_api")) == 4


async def test_an_event_that_nobody_could_take_comes_when_one_is_there(ws, line, clock):
    ws.app.events = {"app_mention"}
    await ws.say("ana", "ops", "@aikeys health")
    await clock.passes(seconds=30)
    held = await line()
    await clock.passes(seconds=31)
    assert (await held.take())["retry_attempt"] == 2


async def test_an_ack_ends_it(ws, line, clock):
    ws.app.events = {"app_mention"}
    held = await line()
    await ws.say("ana", "ops", "@aikeys health")
    await held.take({"text": "a payload that counts for nothing"})
    await ws.until(lambda: [e for e in ws.journal.entries("ack") if e["status"] == "payload ignored"])
    await clock.passes(hours=1)
    assert len(ws.journal.entries("events_api")) == 1


async def test_what_is_not_sent(ws, clock):
    ws.app.events = {"app_mention", "message.im"}
    await ws.say("ana", "war-room", "@aikeys are you there")  # the bot is not in it
    await ws.say("ana", "ops", "no mention")
    ws.app.scopes -= {"app_mentions:read", "im:history"}
    await ws.say("ana", "ops", "@aikeys without the scope")
    await ws.say("ana", "@aikeys", "nor here")
    await clock.passes(seconds=1)
    assert ws.journal.entries("events_api") == []


async def test_a_dm_and_the_bots_own_words_in_it(ws, line, slack):
    held = await line()
    await ws.say("ana", "@aikeys", "hello")
    event = (await held.take())["payload"]["event"]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", "U0ANA")
    posted = await slack.chat_postMessage(channel="D0ANA", text="hello Ana")
    event = (await held.take())["payload"]["event"]
    assert (event["bot_id"], event["text"]) == ("B0BOT", "hello Ana")
    await slack.chat_update(channel="D0ANA", ts=posted["ts"], text="hello again")
    event = (await held.take())["payload"]["event"]
    assert (event["subtype"], event["message"]["text"]) == ("message_changed", "hello again")


async def test_a_reaction_is_told(ws, line):
    ws.app.events = {"reaction_added"}
    held = await line()
    stamp = (await ws.say("ana", "ops", "look"))["ts"]
    await ws.react("ben", "ops", stamp, ":pushpin:")
    event = (await held.take())["payload"]["event"]
    assert (event["reaction"], event["user"], event["item"]["ts"]) == ("pushpin", "U0BEN", stamp)
    assert ws.messages("ops", "ana")[0]["reactions"][0]["users"] == ["U0BEN"]
    await ws.react("ben", "ops", stamp, "pushpin", on=False)
    assert "reactions" not in ws.messages("ops", "ana")[0]


async def test_the_home_is_opened_and_published(ws, line, slack, refused):
    held = await line()
    await ws.open_home("ana")
    event = (await held.take())["payload"]["event"]
    assert (event["type"], event["tab"], event["user"], event["channel"]) == (
        "app_home_opened",
        "home",
        "U0ANA",
        "D0ANA",
    )
    assert "view" not in event
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    first = await slack.views_publish(user_id="U0ANA", view=view)
    await ws.open_home("ana")
    assert (await held.take())["payload"]["event"]["view"]["hash"] == first["view"]["hash"]
    await slack.views_publish(user_id="U0ANA", view=view, hash=first["view"]["hash"])
    stale = slack.views_publish(user_id="U0ANA", view=view, hash=first["view"]["hash"])
    assert (await refused(stale))["error"] == "hash_conflict"
    assert ws.views("ana")["home"]["blocks"][0]["type"] == "divider"
    ws.app.home_tab = False
    assert (await refused(slack.views_publish(user_id="U0ANA", view=view)))["error"] == "not_enabled"


async def test_stopping_ends_what_waits(ws, line):
    """A redelivery under way does not keep the workspace from stopping."""
    await line()
    await ws.say("ana", "ops", "@aikeys health")
    async with asyncio.timeout(5):
        await ws.stop()
