"""A harmless call that proves that new code runs: declared here, because calling a function may do what it is for."""

from bot.clients.wallet import Wallet
from bot.errors import AikeysError
from bot.health.expected import HEALTH, WEBHOOK


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
        return "it answers, and refuses an unsigned event (401); acceptance of a signed one is not proven"
    return "not called: no harmless call is known for it"
