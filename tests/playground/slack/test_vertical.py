"""The whole way once: real Bolt over a real socket, typed, acknowledged, answered, edited, clicked."""

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def test_bolt_answers_a_command_and_a_click(ws, http):
    client = AsyncWebClient(ws.bot_token, base_url=ws.api_url, session=http)
    app = AsyncApp(client=client)

    @app.command("/aikeys")
    async def aikeys(ack, command, client):
        await ack()
        button = {"type": "button", "action_id": "again", "text": {"type": "plain_text", "text": "Ask again"}}
        posted = await client.chat_postMessage(
            channel=command["channel_id"],
            text=f"asking about {command['text']}",
            blocks=[{"type": "actions", "elements": [button]}],
        )
        await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="all is well")

    @app.action("again")
    async def again(ack, respond):
        await ack()
        await respond(text="only you see this", replace_original=False)

    handler = AsyncSocketModeHandler(app, ws.app_token)
    await handler.connect_async()
    try:
        await ws.until(lambda: ws.sockets.open)
        said = await ws.say("ana", "#ops", "/aikeys health")
        assert said == {"ok": True, "acked": True}
        card = await ws.until(lambda: next((m for m in ws.messages("ops", "zoe") if m.get("edited")), None))
        assert card["text"] == "all is well"
        assert card["bot_id"] == "B0BOT"
        assert card["ephemeral"] is False
    finally:
        await handler.close_async()
    await ws.until(lambda: not ws.sockets.open)
