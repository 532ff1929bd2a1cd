"""The rest of the outside, looked at: Supabase and what each token may, the repository, the mail server, the clocks."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.clients.errors import Failure, NotAllowed, NotReached, NotThere, TokenRefused
from bot.clients.mail import Mailer
from bot.clients.supabase import READS, Supabase
from bot.clients.wallet import Wallet
from bot.clock import Clock
from bot.doctor.line import Line, State, note, unknown, well, wrong
from bot.errors import Refused, Unanswered
from bot.own.facts import Dates
from bot.own.judging import SKEW
from bot.questions.project import may_read_logs
from bot.questions.token import kind
from bot.settings import Settings
from bot.webhooks import copy

# What the README asks for: without them a part of the cards stays empty, and the watch is blind there.
NEEDED = (
    "edge_functions_read",
    "edge_functions_secrets_read",
    "database_read",
    "database_migrations_read",
    "analytics_logs_read",
)
_SOON = timedelta(days=14)  # enough to make a new token and try it
_TOKENS = "Tick it for the token at supabase.com/dashboard/account/tokens."


async def supabase(settings: Settings, clock: Clock, heard: Callable[[str], None]) -> list[Line]:
    """The project, and what the general token may read; that the others are known."""
    async with _asking(settings, clock) as client:
        client.tell_dates(heard)
        first = await _project(client)
        if first.state is State.UNKNOWN or first.what == "SUPABASE_ACCESS_TOKEN":
            return [first]
        names = (*READS, "analytics_logs_read")
        tried = await asyncio.gather(*(_may(client, name, clock) for name in names))
        lacking = {name for name, may in zip(names, tried, strict=True) if may is False}
        unsure = {name for name, may in zip(names, tried, strict=True) if may is None}
    lines = [first, *_kinds(settings, clock)]
    lines += [wrong(f"Permission {one}", "the token lacks it", _TOKENS) for one in NEEDED if one in lacking]
    lines += [unknown(f"Permission {one}", "it could not be tried") for one in NEEDED if one in unsure]
    if not set(NEEDED) & (lacking | unsure):
        lines.append(well("Permissions", "the token may read what is needed"))
    if more := sorted(lacking - set(NEEDED)):
        lines.append(note("Permissions", f"not granted: {', '.join(more)}", "/aikeys project says what each unlocks."))
    return lines + await _others(settings, clock)


@asynccontextmanager
async def _asking(settings: Settings, clock: Clock, token: SecretStr | None = None) -> AsyncIterator[Supabase]:
    """A client with *token*, or the general one."""
    given = (settings.supabase_access_token if token is None else token).get_secret_value()
    client = Supabase(settings.supabase_api_url, given, settings.supabase_project_ref, clock)
    try:
        yield client
    finally:
        await client.close()


async def _project(client: Supabase) -> Line:
    try:
        found = await client.project()
    except TokenRefused as error:
        return wrong("SUPABASE_ACCESS_TOKEN", error.what, error.do)
    except NotAllowed as error:
        return wrong("Permission project_admin_read", error.what, _TOKENS)
    except NotThere as error:
        return wrong("SUPABASE_PROJECT_REF", error.what, "Copy the 20 letters from the dashboard's address.")
    except Failure as error:
        return unknown("Supabase", error.what, error.do)
    return well("Supabase", f"{found.name}, {found.region}, {found.status.replace('_', ' ').lower()}")


async def _may(client: Supabase, permission: str, clock: Clock) -> bool | None:
    """True, false, or None where that could not be tried."""
    try:
        if permission == "analytics_logs_read":
            return await may_read_logs(client, clock)
        return await client.try_to_read(permission)
    except (NotAllowed, TokenRefused):
        return False
    except Failure:
        return None


def _kinds(settings: Settings, clock: Clock) -> list[Line]:
    """What can be told of each token by its shape: how much it opens to whoever steals it, and when it ends."""
    general = settings.supabase_access_token.get_secret_value()
    given = {"SUPABASE_ACCESS_TOKEN": general} | {env: one.get_secret_value() for env, one in settings.tokens.items()}
    lines = []
    for env, token in given.items():
        what, found = f"{env} kind", kind(token)
        if found.expires is not None and found.expires - clock.now() < _SOON:
            ends = "has expired" if found.expires <= clock.now() else f"ends on {found.expires:%d %B}"
            lines.append(wrong(what, f"it {ends}", "Make a new one, and put it in its place."))
        elif found.whole:
            lines.append(
                note(
                    what,
                    f"{found.name}: it opens {found.reach}",
                    "Make a scoped one at supabase.com/dashboard/account/tokens.",
                )
            )
        elif env != "SUPABASE_ACCESS_TOKEN" and token == general:
            lines.append(note(what, "the same as the general one: it divides nothing", "Make one of its own."))
        else:
            lines.append(well(what, f"{found.name}; its end: {found.ends}"))
    if len(given) == 1:
        said = "one token looks and changes: whoever steals it can do all of that"
        lines.append(note("SUPABASE_TOKEN_…", said, "One for each kind of change is safer: docs/production.md."))
    return lines


async def wallet(settings: Settings, clock: Clock) -> list[Line]:
    """The functions' address: that of this project, and its /health answers. It is asked, once."""
    what, host = "AIKEYS_FUNCTIONS_URL", urlsplit(settings.functions_url).hostname or ""
    if host.endswith((".supabase.co", ".supabase.com")) and not host.startswith(f"{settings.supabase_project_ref}."):
        said = f"{host} is another project than {settings.supabase_project_ref}"
        return [wrong(what, said, "Take it away: it is made from SUPABASE_PROJECT_REF.")]
    client = Wallet(settings.functions_url, clock, settings.supabase_project_ref)
    try:
        found = await client.health()
    except NotReached as error:
        return [wrong(what, error.what, error.do)]
    except Failure as error:
        return [unknown(what, error.what, error.do)]
    finally:
        await client.close()
    said = (
        f"the wallet answers as {settings.supabase_project_ref} in {found.seconds * 1000:.0f} ms: {found.report.status}"
    )
    return [well(what, said) if found.report.status == "healthy" else note(what, said, "/aikeys health says why.")]


async def _others(settings: Settings, clock: Clock) -> list[Line]:
    """The tokens for one duty each: that Supabase knows them. What they may change only a change would tell."""
    lines = []
    for name, token in settings.tokens.items():
        try:
            async with _asking(settings, clock, token) as client:
                await client.project()
        except TokenRefused as error:
            lines.append(wrong(name, error.what, error.do))
            continue
        except NotAllowed:
            pass  # it is known, and may not look: as it should be
        except Failure as error:
            lines.append(unknown(name, error.what, error.do))
            continue
        lines.append(well(name, "Supabase knows it; what it may change is found out by changing"))
    return lines


async def source(settings: Settings, clock: Clock) -> list[Line]:
    """The repository: can its branches be listed? Nothing of it is fetched."""
    from bot.sources import address  # noqa: PLC0415  # loads what reads git, which nothing else here needs
    from bot.sources.git import Git  # noqa: PLC0415  # the same

    if settings.source is None:
        return [note("AIKEYS_SOURCE", "not set: nothing can be deployed")]
    with tempfile.TemporaryDirectory(prefix="aikeys-doctor-") as folder:
        try:
            where, protocol = address.source(settings.source)
            git = Git(Path(folder) / "look", where, protocol, clock)
            await git.prepare()
            said = await git.run("ls-remote", "--heads", "--", where)
        except (Refused, Unanswered) as error:
            why = getattr(error, "what", str(error))
            return [wrong("AIKEYS_SOURCE", why, getattr(error, "do", "") or "Look at the address and at its rights.")]
    count = len(said.out.splitlines())
    if not count:
        return [wrong("AIKEYS_SOURCE", "a repository without a branch", "Push one.")]
    return [well("AIKEYS_SOURCE", f"{count} branch{'es' if count != 1 else ''}")]


async def mail(settings: Settings) -> list[Line]:
    """The mail server: greeted and logged into, and left; nothing is sent."""
    if settings.smtp_url is None:
        said = "not set: no mail to the lead at a P0, nor to anybody when Slack is away"
        return [note("AIKEYS_SMTP_URL", said, "Set it to your mail server: docs/production.md, section 3.")]
    lines = []
    try:
        await Mailer(settings.smtp_url.get_secret_value(), settings.mail_from or "").greet()
        lines.append(well("AIKEYS_SMTP_URL", "the mail server lets me in"))
    except Unanswered as error:
        lines.append(wrong("AIKEYS_SMTP_URL", str(error), "Look at its name, port, user and password."))
    if settings.lead_email is None:
        lines.append(note("AIKEYS_LEAD_EMAIL", "not set: mail goes to the runbook's address"))
    return lines


def clock(dates: Dates) -> Line:
    """Ours against those of who answered."""
    skews = dates.skews()
    if not skews:
        return unknown("Clock", "nobody’s clock could be asked")
    nearest = min(skews.values(), key=abs)
    if abs(nearest) > SKEW:
        way = "behind" if nearest > timedelta() else "ahead of"
        said = f"{round(abs(nearest).total_seconds())} s {way} that of {' and '.join(sorted(skews))}"
        return wrong("Clock", said, "Look at the time service of this machine (timedatectl, chronyc tracking).")
    off = max(1, round(abs(nearest).total_seconds()))
    return well("Clock", f"as that of {' and '.join(sorted(skews))}, to {off} s")


async def postgres(settings: Settings, clock: Clock) -> int | None:
    """The major version of the wallet's database, None where it is not told."""
    try:
        async with _asking(settings, clock) as client:
            found = re.match(r"\d+", (await client.project()).database.version)
    except Failure:
        return None
    return int(found[0]) if found else None


async def webhook_copy(settings: Settings, clock: Clock) -> list[Line]:
    """The bot's copy of the signing secret: whether it is there, and the live one."""
    what, path = "AIKEYS_WEBHOOK_SECRET_PATH", settings.webhook_secret_path
    if path is None:
        return [note(what, "not set: that the webhook accepts what is rightly signed is never proved")]
    async with _asking(settings, clock) as client:
        found = await copy.held(path, client.secrets)
    if found.secret is None:
        return [wrong(what, found.why.rstrip("."), "Write the value of Circle's dashboard into it, with mode 400.")]
    return [well(what, "the copy is the live one")]
