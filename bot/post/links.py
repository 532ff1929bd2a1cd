"""Where the cards stand: addresses that Slack gives, kept, for lists that lead to them."""

import asyncio
from collections.abc import Iterable

from bot.clients.slack import Slack
from bot.errors import Unanswered
from store.database import Store

MOST = 10  # asked for one list: Slack takes some fifty a minute (docs.slack.dev, tier 3)
_KEPT = 500


class Links:
    """Asks Slack once for each card."""

    def __init__(self, store: Store, slack: Slack) -> None:
        self._store = store
        self._slack = slack
        self._links: dict[tuple[str, str], str] = {}

    async def to(self, subjects: Iterable[str]) -> dict[str, str]:
        """By subject the address of its card; without those that are not posted, or that Slack does not tell now."""
        wanted = list(subjects)[:MOST]
        found = await asyncio.gather(*map(self._one, wanted))
        return {subject: link for subject, link in zip(wanted, found, strict=True) if link}

    async def _one(self, subject: str) -> str:
        letter = self._store.outbox.get(f"{subject}/card")
        if letter is None or not letter.ts:
            return ""
        place = (letter.channel, letter.ts)
        if place not in self._links:
            try:
                answer = await self._slack.call("chat.getPermalink", channel=letter.channel, message_ts=letter.ts)
            except Unanswered:
                return ""  # the title is there all the same
            if len(self._links) > _KEPT:
                self._links.clear()
            self._links[place] = str(answer.get("permalink") or "")
        return self._links[place]
