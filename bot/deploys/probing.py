"""A harmless call that proves that new code runs: declared here, because calling a function may do what it is for."""

from bot.clients.errors import Failure
from bot.clients.wallet import Receipt, Wallet
from bot.context import Context
from bot.errors import AikeysError
from bot.health.expected import HEALTH, WEBHOOK
from bot.webhooks import synthetic


class NotProved(AikeysError):
    """The function answered otherwise than it should."""


async def proved(wallet: Wallet, slug: str) -> str:
    """Call *slug* if that is harmless; return in words what that proves. Raises NotProved and Failure."""
    if slug == HEALTH:
        seen = await wallet.health()
        if not seen.report.database or not seen.report.database.connected:
            raise NotProved("health runs, but says that it does not reach its database.")
        release = f", release {seen.report.version}" if seen.report.version else ""
        return f"it answers, and reaches its database{release}"
    if slug == WEBHOOK:
        pulse = await wallet.probe(slug, "POST")
        if pulse.status != 401:
            raise NotProved(f"{slug} answered an event without a signature with {pulse.status}; it should be 401.")
        return "it answers, and refuses an unsigned event (401)"
    return "not called: no harmless call is known for it"


async def proved_whole(ctx: Context, slug: str) -> str:
    """The same, and of the webhook that it accepts a signed event, where the bot can sign one. Raises as `proved`."""
    said = await proved(ctx.wallet, slug)
    if slug != WEBHOOK:
        return said
    sent = await synthetic.accepted(ctx)
    if sent.held:
        return f"{said}; it accepts a signed one (200)"
    if isinstance(sent.said, Receipt):
        raise NotProved(
            f"{slug} answered a rightly signed event with {sent.said.status}; it should be 200. "
            "Where the secret was changed a moment ago, a warm function may still hold the old one."
        )
    why = sent.said.what if isinstance(sent.said, Failure) else sent.said
    return f"{said}; acceptance of a signed one is not proven. {why.rstrip('.')}"
