"""At start: are the tokens good, and what exactly are they for? The target is never implicit.

Both Slack tokens are tried at once; as soon as they are good the bot may listen, and Supabase is asked meanwhile. What
only an administrator can mend stops the start, all of it named in one go. What mends itself does not: an ops bot must
come up during an outage. Without Slack it waits and asks again; without Supabase it starts and says so.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clients.deadline import within
from bot.clients.errors import Failure, NotAllowed, NotThere, TokenRefused
from bot.clients.slack_errors import Passing, judged
from bot.clock import Clock
from bot.context import Target
from bot.errors import AikeysError
from bot.settings import Problem, Settings
from bot.start.scopes import missing

log = structlog.get_logger(__name__)

LIMIT = 8.0  # seconds for each question
AGAIN = (1.0, 2.0, 4.0, 8.0, 15.0)  # seconds between two tries while Slack is away; stays at the last


_Project = tuple[Target, list[str], list[Problem]]  # what is known, sentences to print, what stops the start


class CannotStart(AikeysError):
    """What must be mended before the bot can start; *problems* holds all of it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in Slack. *notes* are sentences about what is missing and what is lost for it."""

    team_id: str
    team: str
    bot_user: str
    bot_id: str
    scopes: frozenset[str]
    name: str = ""
    notes: tuple[str, ...] = ()


async def _wait_for_nothing() -> None:
    """Listen to nobody: for a look at the tokens alone."""


class Project(Protocol):
    """What is asked of Supabase."""

    async def project(self) -> Any:
        """Return the project's name and region. Raises bot.clients.errors.Failure."""
        ...


async def check(
    settings: Settings,
    client: AsyncWebClient,
    supabase: Callable[[], Project],
    clock: Clock,
    listen: Callable[[], Awaitable[None]] = _wait_for_nothing,
) -> tuple[Identity, Target]:
    """Return who the bot is and what it operates. Raises CannotStart.

    *listen* is awaited once Slack knows us and before Supabase is asked: what is heard from then on is kept, so a
    slow Supabase costs nobody a command. *supabase* is made when it is asked, since its client takes time to load.
    Waits for as long as Slack is away; cancel it to give up.
    """
    asked: list[asyncio.Task[_Project]] = []

    def project() -> asyncio.Task[_Project]:
        if not asked:
            asked.append(asyncio.create_task(_project(settings, supabase, clock)))
        return asked[0]

    try:
        # Waiting for Slack is of no use to a bot that Supabase will not let in either way.
        who, problems = await _slack(settings, client, clock, lambda: project().done() and bool(project().result()[2]))
        if who is not None and not problems:
            await listen()
        target, note, refused = await project()
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    problems += refused
    if who is None or problems:
        raise CannotStart(problems)
    lost = [f"Slack did not grant {scope.name}: {scope.lost}." for scope in missing(who.scopes)[1] if who.scopes]
    return _with_notes(who, (*lost, *note)), target


async def _slack(
    settings: Settings, client: AsyncWebClient, clock: Clock, hopeless: Callable[[], bool]
) -> tuple[Identity | None, list[Problem]]:
    """Ask both tokens; again, for as long as the trouble passes by itself."""
    app_token = settings.slack_app_token.get_secret_value()
    attempt = 0
    while True:
        bot, app = await asyncio.gather(
            asked_of("SLACK_BOT_TOKEN", "auth.test", client.auth_test(), clock),
            asked_of(
                "SLACK_APP_TOKEN", "apps.connections.open", client.apps_connections_open(app_token=app_token), clock
            ),
        )
        problems = [one for one in (bot, app) if isinstance(one, Problem)]
        if isinstance(bot, AsyncSlackResponse):
            problems += two_apps(bot, app_token) + _too_few(bot)
        passing = [str(one) for one in (bot, app) if isinstance(one, Passing)]
        if problems or not passing or hopeless():
            return (_identity(bot) if isinstance(bot, AsyncSlackResponse) else None), problems
        wait = AGAIN[min(attempt, len(AGAIN) - 1)]
        log.warning("startup.slack.away", why=passing, again_in=wait)
        attempt += 1
        await clock.sleep(wait)


async def asked_of(
    setting: str, method: str, call: Coroutine[Any, Any, AsyncSlackResponse], clock: Clock
) -> AsyncSlackResponse | Problem | Passing:
    """Slack's answer to *call*; or what is wrong with *setting*, or why it could not be asked now."""
    try:
        return await within(clock, LIMIT, call)
    except SlackApiError as error:
        return judged(setting, method, error.response)
    except TimeoutError:
        return Passing(f"Slack did not answer {method} within {LIMIT:g} s")
    except (aiohttp.ClientError, OSError, SlackClientError, AttributeError) as error:  # see bot.clients.slack
        return Passing(f"Slack could not be reached for {method} ({type(error).__name__})")


def _identity(response: AsyncSlackResponse) -> Identity:
    return Identity(
        team_id=str(response.get("team_id", "")),
        team=str(response.get("team", "")),
        bot_user=str(response.get("user_id", "")),
        bot_id=str(response.get("bot_id", "")),
        scopes=scopes_of(response),
        name=str(response.get("user", "")),
    )


def _with_notes(who: Identity, notes: tuple[str, ...]) -> Identity:
    return Identity(who.team_id, who.team, who.bot_user, who.bot_id, who.scopes, who.name, notes)


def scopes_of(response: AsyncSlackResponse) -> frozenset[str]:
    """Return what x-oauth-scopes names; empty where a proxy has eaten the header, which proves nothing."""
    for name, value in response.headers.items():
        if name.lower() == "x-oauth-scopes":
            return frozenset(word for word in re.split(r"[,\s]+", str(value)) if word)
    return frozenset()


def _too_few(response: AsyncSlackResponse) -> list[Problem]:
    scopes = scopes_of(response)
    lacking = missing(scopes)[0] if scopes else []
    return [
        Problem(
            "SLACK_BOT_TOKEN",
            f"it lacks the scope {scope.name}, needed to {scope.why}; "
            "bring the app up to date with manifest.yml and install it again",
            "",
        )
        for scope in lacking
    ]


def two_apps(response: AsyncSlackResponse, app_token: str) -> list[Problem]:
    """Two tokens of two apps: it would connect, and then hear nothing for ever."""
    named = re.match(r"xapp-\d+-(A[A-Z0-9]+)-", app_token)
    app_id = response.get("app_id")
    if named is None or not app_id or named[1] == app_id:
        return []
    return [Problem("SLACK_APP_TOKEN", f"it belongs to another app ({named[1]}) than SLACK_BOT_TOKEN ({app_id})", "")]


async def _project(settings: Settings, supabase: Callable[[], Project], clock: Clock) -> _Project:
    """Ask Supabase which project this is: the target, notes, and what stops the start."""
    target = Target(settings.supabase_project_ref)
    try:
        found = await within(clock, LIMIT, supabase().project())
    except (TokenRefused, NotAllowed) as error:
        lacking = ", ".join(getattr(error, "missing", ()))
        wrong = f"Supabase refuses it ({error.status})" + (f"; it lacks the permission {lacking}" if lacking else "")
        return target, [], [Problem("SUPABASE_ACCESS_TOKEN", f"{wrong}. {error.do}".rstrip("."), "")]
    except NotThere:
        wrong = f"Supabase knows no project {target.ref}, or SUPABASE_ACCESS_TOKEN may not see it"
        return target, [], [Problem("SUPABASE_PROJECT_REF", wrong, "")]
    except Failure as error:
        return target, [f"{error.what} Started without it: the project's name and region are not known."], []
    except TimeoutError:
        return target, [f"Supabase did not answer within {LIMIT:g} s. Started without it."], []
    return Target(target.ref, str(found.name), str(found.region)), [], []


def introduce(who: Identity, target: Target) -> str:
    """Return the line that names workspace, bot user, project and region."""
    project = f"{target.ref} {target.name}".strip()
    return (
        f"workspace {who.team or '?'} ({who.team_id}) · bot @{who.name or '?'} ({who.bot_user}) · "
        f"project {project} · region {target.region or 'unknown'}"
    )
