"""Which wrong signatures the bot caused itself: it looks whether an event that nobody signed is refused.

The console tells no caller. The row that the function leaves beside its line does, by the User-Agent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clients.supabase import Supabase
from bot.clients.wallet import Wallet
from bot.health.expected import SIGNATURE
from bot.logbook.reading import Line
from bot.logbook.span import Span

_MOST = 24 * 7  # hours back: the User-Agent is another each hour
_OWN = """
select count(*)::int as number from public.security_events
where event_type = 'WEBHOOK_SIGNATURE_INVALID' and user_agent = any (string_to_array($1, ','))
  and created_at >= $2::text::timestamptz and created_at < $3::text::timestamptz
"""


@dataclass(frozen=True, slots=True)
class _Counted:
    number: int


def perhaps(lines: Sequence[Line]) -> bool:
    """Whether one of *lines* may be about a probe of the bot's own."""
    return any(SIGNATURE in line.text for line in lines)


async def own_probes(supabase: Supabase, wallet: Wallet, span: Span, now: datetime) -> int:
    """How many wrong signatures of *span* are the bot's own. Raises bot.clients.errors.Failure."""
    hours = min(_MOST, max(0, (now - span.start) // timedelta(hours=1)) + 1)
    times = (span.start.isoformat(), span.end.isoformat())
    return (await supabase.row(_Counted, _OWN, (wallet.agents(hours), *times))).number
