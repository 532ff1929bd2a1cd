"""The inbox on a real line, with an app behind it that refuses a modal once: none of ours opens one yet."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients.frames import Frames
from bot.clock import SystemClock
from bot.door.inbox import Delivery, Inbox
from bot.door.sockets import Line, Sockets
from playground.slack.app import AppManifest, Shortcut
from playground.slack.workspace import Workspace
from store.database import open_store
from tests.wait import eventually

MODAL = {
    "type": "modal",
    "callback_id": "aikeys:reason",
    "title": {"type": "plain_text", "text": "Reason"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": {"type": "plain_text", "text": "Why"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}
REFUSED = {"response_action": "errors", "errors": {"why": "Say more."}}


@pytest.fixture
async def ws():
    workspace = Workspace(app=AppManifest(shortcuts=[Shortcut("Declare", "global", "aikeys:declare")]))
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
async def client(ws):
    async with aiohttp.ClientSession(ws_response_class=Frames) as session:
        yield AsyncWebClient(ws.bot_token, base_url=ws.api_url, session=session)


@pytest.fixture
async def app(ws, client, tmp_path):
    """What was worked on, and what was validated, each once or not."""
    store = open_store(tmp_path / "aikeys.sqlite", audit_key=b"a key for tests, 32 bytes at least")
    worked: list[Delivery] = []
    validated: list[Delivery] = []

    async def validate(delivery):
        validated.append(delivery)
        return REFUSED if len(validated) == 1 else None

    async def address():
        return (await client.apps_connections_open(app_token=ws.app_token))["url"]

    clock = SystemClock()
    inbox = Inbox(store.inbox, clock, worked.append, validate)
    sockets = Sockets([Line("a", client.session, address, inbox.arrive, clock)], clock)
    sockets.open()
    await eventually(lambda: sockets.up == 1)
    yield worked, validated
    await sockets.close()
    await inbox.idle()
    store.close()


async def test_a_repeated_submission_gets_the_first_ones_outcome(ws, client, app):
    """Errors the first time are the same errors again: asked anew, the modal would close."""
    worked, validated = app
    await ws.shortcut("ana", "aikeys:declare")
    await eventually(lambda: worked)
    await client.views_open(trigger_id=worked[0].payload["trigger_id"], view=MODAL)
    view = ws.views("ana")["modals"][0]["id"]

    assert (await ws.submit("ana", view, {"why": {"text": "x"}}))["errors"] == {"why": "Say more."}
    again = await ws.sockets.deliver("interactive", validated[0].payload, accepts=True)

    assert again == REFUSED
    assert len(validated) == 1

    assert await ws.submit("ana", view, {"why": {"text": "more"}}) == {"ok": True}, "a new submission is a new one"
    assert len(validated) == 2


async def test_a_repeated_command_is_acknowledged_and_not_worked_on_again(ws, client, app):
    worked, _ = app
    assert (await ws.say("ana", "#ops", "/aikeys health"))["acked"]
    await eventually(lambda: worked)

    assert await ws.sockets.deliver("slash_commands", worked[0].payload, accepts=True) is None

    assert (await ws.say("ana", "#ops", "/aikeys other"))["acked"]
    await eventually(lambda: len(worked) == 2)
    assert [one.payload["text"] for one in worked] == ["health", "other"]
