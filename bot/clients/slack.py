"""Slack's Web API: one session, capped retries, and three words for what became of a post."""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.clients.frames import Frames
from bot.clients.slack_errors import code_of
from bot.clock import Clock
from bot.errors import Unanswered
from bot.telemetry import metrics

log = structlog.get_logger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
LONGEST_WAIT = 30.0  # seconds; Retry-After has no upper bound, and a person waits at the other end

# What may be sent twice without harm. chat.postMessage is not among them: bots have no idempotency key.
REPEATABLE = frozenset({
    "apps.connections.open", "auth.test", "chat.delete", "chat.update", "chat.getPermalink", "conversations.history",
    "conversations.info", "conversations.replies", "files.getUploadURLExternal", "team.info", "usergroups.users.list",
    "users.info", "views.publish", "views.update",
})  # fmt: skip

# docs.slack.dev, errors that any method may give: not begun, and begun with an unknown end.
_NOT_NOW = frozenset({"accesslimited", "rate_limited", "ratelimited", "team_added_to_org"})
_UNKNOWN_END = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})


class SlackRefused(Unanswered):
    """Slack understood and said no: nothing was done. *code* is Slack's error, e.g. channel_not_found."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refused {method}: {code}")
        self.code = code


class SlackUncertain(Unanswered, ConnectionError):
    """No usable answer: it may have been done or not. A ConnectionError for who keeps a line (bot.door.sockets)."""


class SlackAway(SlackUncertain):
    """Nothing was done, and it passes: Slack could not be reached, or asked us to wait."""


class SlackLimited(SlackAway):
    """Slack asked us to wait (429): so many *seconds*, by its Retry-After."""

    def __init__(self, words: str, seconds: float) -> None:
        super().__init__(words)
        self.seconds = seconds


class _Patience(AsyncRetryHandler):
    """429 waits as told, for every method (it was not carried out); 5xx and lost connections only where repeatable."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(max_retry_count=3)
        self._clock = clock

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is not None and response.status_code == 429:
            return _retry_after(response.headers) <= LONGEST_WAIT
        lost = isinstance(error, aiohttp.ClientError | TimeoutError)
        failed = response is not None and response.status_code >= 500
        return (lost or failed) and state.current_attempt < 2 and request.url.rsplit("/", 1)[-1] in REPEATABLE

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        state.next_attempt_requested = True
        limited = response is not None and response.status_code == 429
        wait = _retry_after(response.headers) if limited and response is not None else 0.25 * 2**state.current_attempt
        method = request.url.rsplit("/", 1)[-1]
        log.info("slack.again", method=method, wait=wait, error=type(error).__name__ if error else None)
        await self._clock.sleep(wait + random.random() * 0.2)  # noqa: S311  # spreads load
        state.increment_current_attempt()


def _retry_after(headers: Mapping[str, Any]) -> float:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            first = value[0] if isinstance(value, list) else value
            return float(first) if str(first).isdecimal() else 1.0
    return 1.0


class Detour(aiohttp.ClientError):
    """Whoever answered wanted the bot to go elsewhere. It did not: what it carries is for Slack."""


async def _straight(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """A middleware for sessions that carry tokens: the SDK would follow a redirect, and take the message along."""
    answer = await handler(request)
    if 300 <= answer.status < 400:
        answer.close()
        raise Detour
    return answer


def new_session() -> aiohttp.ClientSession:
    """Return a session for Slack; to be closed."""
    return aiohttp.ClientSession(timeout=TIMEOUT, middlewares=(_straight,), ws_response_class=Frames)


def web_client(token: str, base_url: str, session: aiohttp.ClientSession, clock: Clock) -> AsyncWebClient:
    """Return the SDK's client on a shared session (without one it opens a connection per call)."""
    return AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[_Patience(clock)])


class Slack:
    """The calls we make, with SDK errors turned into SlackRefused or SlackUncertain."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self.client = client
        self._once = AsyncWebClient(token=client.token, base_url=client.base_url, session=session, retry_handlers=[])
        self._session = session
        self.heard: Callable[[str], None] = lambda _date: None  # told of each good answer: its Date header

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call *method* with a JSON body or query, as the SDK does for it; return Slack's answer.

        Raises SlackRefused, SlackUncertain.
        """
        return await self._counted(self.client, method, arguments)

    async def once(self, method: str, **arguments: Any) -> dict[str, Any]:
        """As `call`, and nothing is tried again: for who has others waiting, and better things to do than to wait.

        Raises SlackRefused, SlackUncertain; SlackLimited where Slack asks to wait.
        """
        return await self._counted(self._once, method, arguments)

    async def _counted(self, client: AsyncWebClient, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._answer(client, method, arguments)
        except Unanswered as error:
            metrics.called("slack", method, type(error).__name__)
            raise
        metrics.called("slack", method, "ok")
        return answer

    async def _answer(self, client: AsyncWebClient, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        function = getattr(client, method.replace(".", "_"))
        try:
            response = await function(**arguments)
        except SlackApiError as error:
            raise _refusal(method, error) from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SlackAway(f"Slack could not be reached for {method}: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, SlackClientError, ValueError, AttributeError) as error:
            # AttributeError is the SDK's own, of an answer that is no object: a proxy's.
            raise SlackUncertain(f"no answer from Slack to {method}: {type(error).__name__}") from error
        self.heard(next((str(value) for name, value in response.headers.items() if name.lower() == "date"), ""))
        return dict(response.data) if isinstance(response.data, dict) else {}

    def ours(self, url: str) -> bool:
        """True for an address that may be a response_url: Slack's hook host, or where the Web API is."""
        host = urlsplit(self.client.base_url)
        own = f"{host.scheme}://{host.netloc}/"
        return url.startswith(("https://hooks.slack.com/", "https://hooks.slack-gov.com/", own))

    async def hand_over(self, url: str, data: bytes) -> None:
        """POST *data* to an upload address that Slack gave. Nobody sees it yet, so it may be begun anew.

        Raises SlackRefused, also for an address that is not Slack's; SlackAway.
        """
        if not (self.ours(url) or url.startswith(("https://files.slack.com/", "https://files.slack-gov.com/"))):
            raise SlackRefused("upload", "address_not_slacks")
        try:
            async with asyncio.timeout(30), self._session.post(url, data=data, allow_redirects=False) as response:
                if response.status == 200:
                    return
                if response.status == 429 or response.status >= 500:
                    raise SlackAway(f"Slack answered an upload with {response.status}")
                raise SlackRefused("upload", f"http_{response.status}")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise SlackAway(f"an upload broke off: {type(error).__name__}") from error

    async def respond(self, url: str, body: dict[str, Any]) -> Literal["said", "gone"]:
        """Post to a response_url. *gone*: used up, older than 30 minutes (docs.slack.dev: 5 uses in 30 min) or refused.

        Raises SlackUncertain.
        """
        try:
            async with asyncio.timeout(10), self._session.post(url, json=body, allow_redirects=False) as response:
                if response.status == 200:
                    return "said"
                if response.status == 429:
                    raise SlackAway("a response_url asked us to wait")
                if response.status >= 500:
                    raise SlackUncertain(f"a response_url answered {response.status}")
                return "gone"
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackUncertain(f"no answer from a response_url: {type(error).__name__}") from error


def _refusal(method: str, error: SlackApiError) -> SlackRefused | SlackUncertain:
    """What an answer of Slack's without ok means. It need not be JSON: a proxy may have given it."""
    data = getattr(error.response, "data", None)
    status = int(getattr(error.response, "status_code", 0) or 0)
    code = code_of(data)
    if status == 429:
        seconds = _retry_after(getattr(error.response, "headers", None) or {})
        return SlackLimited(f"Slack answered {method} with {code or status}", seconds)
    if code in _NOT_NOW:
        return SlackAway(f"Slack answered {method} with {code or status}")
    if not code or status >= 500 or code in _UNKNOWN_END:
        return SlackUncertain(f"Slack answered {method} with {code or status}")
    return SlackRefused(method, code)
