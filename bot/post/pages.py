"""Messages that several looks write on: one edit at a time, and never an older look over a newer one."""

import asyncio
from weakref import WeakValueDictionary


class Page:
    """A posted message. *newest* is the delivery whose look it shows; *turn* is held during an edit."""

    __slots__ = ("__weakref__", "channel", "newest", "ts", "turn")

    def __init__(self, channel: str, ts: str) -> None:
        self.channel = channel
        self.ts = ts
        self.newest = 0
        self.turn = asyncio.Lock()


class Pages:
    """The pages that are being written on. One that nobody holds any more is forgotten: there is no older look left."""

    def __init__(self) -> None:
        self._held: WeakValueDictionary[tuple[str, str], Page] = WeakValueDictionary()

    def at(self, channel: str, ts: str) -> Page:
        """The page of the message *ts* in *channel*: the same one for all who ask while somebody holds it."""
        page = self._held.get((channel, ts))
        if page is None:
            page = self._held[channel, ts] = Page(channel, ts)
        return page
