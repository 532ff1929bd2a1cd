"""Bolt's part: it reads the payload, picks the listener, and says who we are. One listener a kind, few kinds.

Bolt tries its listeners one after the other and acknowledges from memory; both are settled before it is called
(bot.door.inbox), so its `ack` here only carries a modal's validation back.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.door.inbox import Delivery
from bot.start.startup import Identity

log = structlog.get_logger(__name__)

OURS = re.compile(r"^aikeys:")


class Routes(Protocol):
    """What the listeners lead to."""

    async def command(self, delivery: Delivery) -> None:
        """A slash command."""
        ...

    async def event(self, delivery: Delivery) -> None:
        """A mention, a direct message, an opened home tab."""
        ...

    async def click(self, delivery: Delivery) -> None:
        """A button or a menu."""
        ...

    async def shortcut(self, delivery: Delivery) -> None:
        """A global or message shortcut."""
        ...

    async def submission(self, delivery: Delivery) -> dict[str, str]:
        """A modal's submission; returns errors by block id, empty when it is taken."""
        ...


def dispatcher(
    client: AsyncWebClient, who: Identity, routes: Routes
) -> Callable[[Delivery], Awaitable[dict[str, Any]]]:
    """Return the function that takes a delivery through Bolt and returns the ack's payload."""
    bolt = logging.getLogger("bolt")
    bolt.setLevel(logging.ERROR)  # its warnings are about tokens it finds in the environment and does not need
    app = AsyncApp(
        name="aikeys",  # without one Bolt reads the source of every frame of the stack to find it: 30 ms of a start
        client=AsyncWebClient(base_url=client.base_url, session=client.session, retry_handlers=client.retry_handlers),
        authorize=_identity(who, client.token or ""),  # the token comes from here; twice would be a warning
        process_before_response=True,  # the listener runs inline: no 10 ms poll, and the delivery's end is known
        request_verification_enabled=False,  # Socket Mode frames carry no signature: the socket is authenticated
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        logger=bolt,
    )
    _listen(app, routes)

    async def dispatch(delivery: Delivery) -> dict[str, Any]:
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=delivery.payload, context={"delivery": delivery})
            response = await app.async_dispatch(request)
        except Exception as error:  # noqa: BLE001  # whatever it is, the delivery is settled and said so
            # Bolt reads a payload as if it were whole; what a listener of ours raises ends in app.error.
            log.warning("bolt.unreadable", kind=delivery.kind, error=type(error).__name__)
            return {}
        if response.status >= 400:
            log.warning("bolt.unhandled", kind=delivery.kind, status=response.status)
        return _ack_payload(response.body)

    return dispatch


def _identity(who: Identity, token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    result = AuthorizeResult(
        enterprise_id=None, team_id=who.team_id, bot_user_id=who.bot_user, bot_id=who.bot_id, bot_token=token
    )

    async def authorize(**_: Any) -> AuthorizeResult:
        # Asked once at start; Bolt's own way asks auth.test again for each of the first concurrent commands.
        return result

    return authorize


def _listen(app: AsyncApp, routes: Routes) -> None:
    @app.command("/aikeys")
    async def command(ack: Any, context: Any) -> None:
        await ack()
        await routes.command(context["delivery"])

    @app.action(OURS)
    async def click(ack: Any, context: Any) -> None:
        await ack()
        await routes.click(context["delivery"])

    @app.view(OURS)
    async def submission(ack: Any, context: Any) -> None:
        errors = await routes.submission(context["delivery"])
        await (ack(response_action="errors", errors=errors) if errors else ack())

    @app.view_closed(OURS)
    async def closed(ack: Any) -> None:
        await ack()

    @app.shortcut(OURS)
    async def shortcut(ack: Any, context: Any) -> None:
        await ack()
        await routes.shortcut(context["delivery"])

    async def event(context: Any) -> None:
        await routes.event(context["delivery"])

    for name in ("app_mention", "app_home_opened", "message", "reaction_added"):
        app.event(name)(event)

    @app.error
    async def broke(error: Exception, context: Any) -> None:
        delivery = context.get("delivery")
        kind = delivery.kind if delivery else None
        if _bolts_own(error):
            log.warning("bolt.unreadable", kind=kind, error=type(error).__name__)
        else:
            log.error("bolt.broke", kind=kind, exc_info=error)


def _bolts_own(error: BaseException) -> bool:
    """True where Bolt stumbled over a payload before a listener of ours was reached."""
    frame, last = error.__traceback__, ""
    while frame is not None:
        last, frame = frame.tb_frame.f_globals.get("__name__", ""), frame.tb_next
    return last.startswith("slack_bolt.")


def _ack_payload(body: str) -> dict[str, Any]:
    try:
        payload = json.loads(body) if body else {}
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}
