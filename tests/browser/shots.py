"""`make shots`: the README's pictures, of the playground with the real bot in it. Look at each before you commit it."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bench.peer import Peer, running
from bot.shortcuts import ABOUT
from playground.town import Town
from tests.browser.conftest import ARGUMENTS
from tests.browser.desk import Desk

SHOTS = Path(__file__).parents[2] / "docs/shots"
WIDE, PHONE = (1280, 860), (390, 844)


async def main() -> int:
    """Take all of them; 1 where chromium is missing."""
    path = shutil.which("chromium")
    if path is None:
        print("no chromium here: apt-get install chromium", file=sys.stderr)
        return 1
    await asyncio.to_thread(SHOTS.mkdir, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        await _with_the_bot(browser)
        await _modals(browser)
        await browser.close()
    return 0


async def _with_the_bot(browser: Browser) -> None:
    town = Town()
    await town.start()
    try:
        await town.project.traffic.start()
        peer = Peer("aikeys", (sys.executable, "-m", "bot", "run"), sockets=2)
        async with running(peer, town, AIKEYS_LOOK_EVERY="2"):
            await _healthy(browser, town)
            await _outage(browser, town)
            await _home(browser, town)
            await _about(browser, town)
    finally:
        await town.stop()


async def _healthy(browser: Browser, town: Town) -> None:
    for name, size in (("card", WIDE), ("phone", PHONE)):
        async with _page(browser, town.slack.url, size) as page:
            await _say(page, "/aikeys health")
            await page.get_by_text("Healthy").last.wait_for()
            await page.wait_for_timeout(300)
            await page.screenshot(path=SHOTS / f"{name}.png")


async def _outage(browser: Browser, town: Town) -> None:
    await town.slack.faults.set("database_outage", True)
    for name, size in (("page", WIDE), ("outage-phone", PHONE)):
        async with _page(browser, town.slack.url, size) as page:
            await _say(page, "/aikeys health")
            await page.get_by_text("Database outage").last.wait_for()
            if size is WIDE:
                await page.get_by_role("button", name="Control panel").click()
                await page.get_by_test_id("panel").wait_for()
            await page.wait_for_timeout(400)
            await page.screenshot(path=SHOTS / f"{name}.png")


async def _home(browser: Browser, town: Town) -> None:
    await town.slack.say("ana", "#ops", '/aikeys freeze "incident, no deploys" --until 4h')
    for name, size in (("home", WIDE), ("home-phone", PHONE)):
        async with _page(browser, f"{town.slack.url}/#/ben/dm", size) as page:
            await page.get_by_test_id("tab-home").click()
            await page.get_by_text("Database outage").last.wait_for()
            await page.wait_for_timeout(300)
            await page.screenshot(path=SHOTS / f"{name}.png")


async def _about(browser: Browser, town: Town) -> None:
    said = await town.slack.say("cy", "#ops", "A customer’s payment is missing, the log says 401 Invalid signature")
    async with _page(browser, town.slack.url, PHONE) as page:
        await town.slack.shortcut("ana", ABOUT, "#ops", said["ts"])
        await page.get_by_test_id("modal").wait_for()
        await page.wait_for_timeout(300)
        await page.screenshot(path=SHOTS / "about-phone.png")


async def _modals(browser: Browser) -> None:
    """The bot opens no modal yet: the page's own is shown with a stand-in's."""
    async with Desk(browser) as desk:
        for name, size in (("modal", WIDE), ("modal-phone", PHONE)):
            async with _page(browser, desk.workspace.url, size) as page:
                await page.get_by_test_id("composer-shortcuts").click()
                await page.get_by_text("Declare incident").first.click()
                await page.get_by_test_id("modal").wait_for()
                await page.get_by_test_id("modal-submit").click()
                await page.wait_for_timeout(300)
                await page.screenshot(path=SHOTS / f"{name}.png")
                await page.keyboard.press("Escape")


async def _say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer").click()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


@asynccontextmanager
async def _page(browser: Browser, address: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="light")
    page = await context.new_page()
    page.set_default_timeout(15_000)
    await page.goto(address)
    try:
        yield page
    finally:
        await context.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
