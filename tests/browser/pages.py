"""Pages that are used again: one that is made anew costs a process of the browser's, 0.7 s of the processor."""

from collections import defaultdict
from collections.abc import Hashable
from typing import Any

from playwright.async_api import Browser, Page


class Pages:
    """`take` a page, blank and alone in its context; `leave` it for the next who wants one of its kind."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[Hashable, list[Page]] = defaultdict(list)

    async def take(self, **context: Any) -> Page:
        """A page in a context with these options: one that was left, or a new one."""
        free = self._free[_kind(context)]
        if free:
            return free.pop()
        made = await self._browser.new_context(**context)
        made.set_default_timeout(8000)
        return await made.new_page()

    async def leave(self, page: Page, **context: Any) -> None:
        """Leave the page that `take` gave for these options as a new one would be: blank, and knowing nothing."""
        await page.evaluate("sessionStorage.clear()")  # a later workspace may get this one's port
        await page.mouse.move(0, 0)
        await page.goto("about:blank")
        self._free[_kind(context)].append(page)


def _kind(context: dict[str, Any]) -> Hashable:
    return repr(sorted(context.items()))
