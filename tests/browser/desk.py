"""A workspace with a small app in it, and pages of it in the browser: what each browser test works with."""

import re
from collections.abc import Mapping
from typing import Any, Self

from playwright.async_api import ConsoleMessage, Error, Locator, Page, ViewportSize, expect
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack.app import AppManifest, Command, Shortcut
from playground.slack.messages import Message
from playground.slack.people import BOT_USER
from playground.slack.workspace import Workspace
from tests.browser.gallery_views import HOME, MODAL
from tests.browser.pages import Pages
from tests.browser.words import plain

Json = dict[str, Any]
OPS = "C0OPS"


HINT = "health [part] | logs <source> | deploy <function> | help"


def manifest() -> AppManifest:
    return AppManifest(
        commands=[Command("/aikeys", "The operations runbook", HINT)],
        shortcuts=[
            Shortcut("Declare incident", "global", "declare_incident", "Opens a form"),
            Shortcut("Add to timeline", "message", "add_to_timeline", "Keeps this message"),
        ],
    )


class Desk:
    """`heard` is what reached the app, oldest first; `errors` what its pages logged as such."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._open: list[tuple[Page, Json]] = []
        self.errors: list[str] = []
        self.heard: list[Json] = []
        self.submit_answer: Json = {}
        self.workspace = Workspace(
            app=manifest(), links={"mailbox": "http://127.0.0.1:9/", "supabase": "http://127.0.0.1:9/"}
        )
        self._handler: AsyncSocketModeHandler | None = None

    async def __aenter__(self) -> Self:
        await self.workspace.start()
        self.workspace.limits.off = True
        self.client = AsyncWebClient(self.workspace.bot_token, base_url=self.workspace.api_url)
        self._handler = AsyncSocketModeHandler(self._app(), self.workspace.app_token)
        await self._handler.connect_async()
        await self.workspace.until(lambda: len(self.workspace.sockets.open) == 1)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        for page, context in self._open:
            page.remove_listener("pageerror", self._failed)
            page.remove_listener("console", self._logged)
            await self._pages.leave(page, **context)
        if self._handler is not None:
            await self._handler.close_async()
        await self.workspace.stop()

    def _app(self) -> AsyncApp:
        app = AsyncApp(name="desk", client=self.client, raise_error_for_unhandled_request=False)
        anything = re.compile(".*")

        @app.command("/aikeys")
        async def command(ack: Any, body: Json) -> None:
            self.heard.append(body)
            await ack(f"You said {body['text']}")

        @app.shortcut(anything)
        async def shortcut(ack: Any, body: Json, client: Any) -> None:
            self.heard.append(body)
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

        @app.action("deeper")
        async def deeper(ack: Any, body: Json, client: Any) -> None:
            await ack()
            view = {**MODAL, "callback_id": "second", "title": plain("Second page"), "blocks": MODAL["blocks"][1:2]}
            await client.views_push(trigger_id=body["trigger_id"], view=view)

        @app.action("peek")
        async def peek(ack: Any, body: Json, client: Any) -> None:
            await ack()
            blocks = [{"type": "section", "text": plain("These are the logs.")}, *MODAL["blocks"]]
            await client.views_update(view_id=body["view"]["id"], view={**MODAL, "blocks": blocks})

        @app.action(anything)
        async def action(ack: Any, body: Json) -> None:
            self.heard.append(body)
            await ack()

        @app.view(anything)
        async def submitted(ack: Any, body: Json) -> None:
            self.heard.append(body)
            await ack(**self.submit_answer)

        @app.view_closed(anything)
        async def closed(ack: Any, body: Json) -> None:
            self.heard.append(body)
            await ack()

        @app.event("app_home_opened")
        async def home(event: Json, client: Any) -> None:
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": HOME})

        @app.event(anything)
        async def event(body: Json) -> None:
            self.heard.append(body)

        return app

    async def post(self, text: str = "", *, channel: str = OPS, **more: Any) -> str:
        """The app posts; gives the ts."""
        answer = await self.client.chat_postMessage(channel=channel, text=text, **more)
        return str(answer["ts"])

    def show(self, blocks: list[Json], **more: Any) -> str:
        """Puts a message of the app in without Slack's checks; gives the ts."""
        said = Message(OPS, self.workspace.state.ts(), BOT_USER, "fallback", blocks=blocks, **more)
        return self.workspace.state.add(said).ts

    async def actions(self, count: int = 1) -> list[Json]:
        """The actions the app was told, once there are *count* of them."""

        def told() -> list[Json]:
            return [each["actions"][0] for each in self.heard if each.get("type") == "block_actions"]

        await self.workspace.until(lambda: len(told()) >= count)
        return told()

    async def told(self, kind: str) -> Json:
        """The first payload of that type, once it has come."""
        found = await self.workspace.until(lambda: [each for each in self.heard if each.get("type") == kind])
        return found[0]

    async def open(
        self, where: str = "ana/ops", *, width: int = 1280, height: int = 800, scheme: Any = "light", **context: Any
    ) -> Page:
        """A page for a person in a channel, loaded and live; what it logs as an error fails the test."""
        size: ViewportSize = {"width": width, "height": height}
        context |= {"viewport": size, "color_scheme": scheme}
        page = await self._pages.take(**context)
        self._open.append((page, context))
        page.on("pageerror", self._failed)
        page.on("console", self._logged)
        await page.goto(f"{self.workspace.url}/#/{where}")
        await expect(page.get_by_test_id("app")).to_have_attribute("data-connection", "on")
        await expect(page.get_by_test_id("title")).not_to_have_text("…")
        return page

    def _failed(self, error: Error) -> None:
        self.errors.append(str(error))

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    async def block(self, page: Page, blocks: list[Json]) -> Locator:
        """Posts the blocks; the row on the page."""
        ts = await self.post("fallback", blocks=blocks)
        row = message(page, ts)
        await expect(row).to_be_visible()
        return row


def message(page: Page, ts: str) -> Locator:
    """A message's row in the channel."""
    return page.get_by_test_id("messages").locator(f'[data-testid=message][data-ts="{ts}"]')


def action(root: Page | Locator, action_id: str) -> Locator:
    """An element by its action_id."""
    return root.locator(f'[data-action-id="{action_id}"]')


def picked(one: Mapping[str, Any]) -> Any:
    """What an action carries, whatever its element calls it."""
    for key, value in one.items():
        if key.startswith("selected_"):
            if isinstance(value, list):
                return [each["value"] if isinstance(each, dict) else each for each in value]
            return value["value"] if isinstance(value, dict) else value
    return one.get("value")
