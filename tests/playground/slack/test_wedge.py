"""The faults against the real SDK: they break it the way Slack does."""

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def test_the_sdk_wedges_on_a_refused_handshake_and_a_new_address_frees_it(ws, http):
    """slack_sdk 3.47 asks the same, spent address for ever; with `wss_uri = None` it asks for a new one."""
    app = AsyncApp(client=AsyncWebClient(ws.bot_token, base_url=ws.api_url, session=http))
    handler = AsyncSocketModeHandler(app, ws.app_token, ping_interval=0.05)
    await handler.connect_async()
    try:
        await ws.until(lambda: ws.sockets.open)
        await ws.faults.set("socket_wedge", True)
        await ws.faults.set("socket_refresh_now", True)

        def statuses():
            return [entry["status"] for entry in ws.journal.entries("handshake")]

        await ws.until(lambda: len(statuses()) >= 5)
        assert statuses()[:5] == [101, 408, 403, 403, 403]
        assert len(ws.journal.entries("apps.connections.open")) == 2
        assert not ws.sockets.open
        handler.client.wss_uri = None
        await ws.until(lambda: ws.sockets.open)
    finally:
        await handler.close_async()
    await ws.until(lambda: not ws.sockets.open)
