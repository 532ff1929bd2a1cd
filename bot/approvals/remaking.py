"""A plan made again at the moment of the click: what is approved is what is there now, asked once for a whole crowd."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from bot.operations.steps import Procedure
from bot.plan import Plan
from store.approvals import PENDING, Approval


class Remaking:
    """*sure* reads an approval as it is now; it raises KeyError for one that never was."""

    def __init__(self, procedures: Mapping[str, Procedure], sure: Callable[[str], Approval]) -> None:
        self._procedures = procedures
        self._sure = sure
        self._under_way: dict[str, asyncio.Future[Plan]] = {}

    async def pinned(self, approval: Approval) -> Mapping[str, Any] | None:
        """The pinned facts as they are now; None where it was decided before anybody had to look.

        Who clicks while they are being looked at waits for that and shares the next look: a crowd costs two, and
        nobody's click is judged by what was seen before it.
        """
        subject = approval.subject
        if (earlier := self._under_way.get(subject)) is not None:
            await asyncio.wait({earlier})
            if self._sure(subject).state != PENDING:
                return None
        making = self._under_way.get(subject)
        if making is None:
            making = asyncio.ensure_future(self._procedures[approval.command].remake(approval))
            self._under_way[subject] = making
            making.add_done_callback(lambda _: self._under_way.pop(subject, None))
        return (await asyncio.shield(making)).pinned
