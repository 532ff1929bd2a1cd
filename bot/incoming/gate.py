"""Stands at the port from its opening on: before the memory is open nothing can be kept, and nothing is taken."""

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.clock import Clock
from bot.incoming.taking import Taking
from bot.settings import Settings
from store.alerts import Arrived
from store.database import Store


class Gate:
    """*memory* gives the store once it is open; *come* is told of what was committed."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        memory: Callable[[], Store | None],
        come: Callable[[Sequence[Arrived]], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._memory = memory
        self._come = come
        self._taking: Taking | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """POST /alerts."""
        store, token = self._memory(), self._settings.alerts_token
        if store is None or token is None:
            return web.json_response({"error": "I am still starting."}, status=503, headers={"Retry-After": "1"})
        if self._taking is None:
            secret, root = token.get_secret_value(), self._settings.alerts_root
            self._taking = Taking(store.alerts, self._clock, secret, root, self._come)
        return await self._taking.answer(request)
