"""`make shots`: the README's pictures, of the playground with the real bot in it. Look at each before you commit it.

One day, in order: all is well, a deploy waits, webhooks fail, the database goes. Emoji need a font:
fonts-noto-color-emoji.
"""

import asyncio
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bench.peer import Peer, running
from bot.desks.shortcuts import ASK
from playground.source import WalletRepository
from playground.town import Town
from tests.browser.conftest import ARGUMENTS
from tests.chat import Chat, words
from tests.deploys import has_button

SHOTS = Path(__file__).parents[2] / "docs/shots"
PHONE = (390, 844)
CARD, TWO, LONG = (1280, 560), (1280, 720), (1280, 920)  # one card, two of them, a long one
REPORT = (960, 1240)
THREAD = (720, 1440)  # so narrow that a thread fills the page
SLOWEST = 30_000  # milliseconds for a fact to show: a P0 is confirmed by looks seconds apart
BOT = Peer("aikeys", (sys.executable, "-m", "bot", "run"), sockets=2)


async def main() -> int:
    """Take all of them; 1 where chromium is missing."""
    path = shutil.which("chromium")
    if path is None:
        print("no chromium here: apt-get install chromium", file=sys.stderr)
        return 1
    await asyncio.to_thread(SHOTS.mkdir, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        with tempfile.TemporaryDirectory(prefix="aikeys-shots-") as folder:
            await _day(browser, Path(folder))
        await browser.close()
    return 0


async def _day(browser: Browser, folder: Path) -> None:
    repository = WalletRepository(folder / "wallet")
    await asyncio.to_thread(repository.build)
    town = Town()
    await town.start()
    try:
        await town.project.traffic.start()
        async with running(BOT, town, AIKEYS_LOOK_EVERY="8", AIKEYS_SOURCE=str(repository.path)):
            await _healthy(browser, town)
            await _ask(browser, town)
            await _deploy(browser, town)
            await _enter(browser, town)
            await _rotate(browser, town)
            await _restore(browser, town)
            await _failing(browser, town)
            await _outage(browser, town)
            await _report(browser, town, folder)
    finally:
        await town.stop()


async def _healthy(browser: Browser, town: Town) -> None:
    async with _page(browser, town, "ana/ops", CARD) as page:
        await _say(page, "/aikeys health")
        await page.get_by_text("Healthy").last.wait_for()
        await _take(page, "health")


async def _ask(browser: Browser, town: Town) -> None:
    async with _page(browser, town, "zoe/ops", PHONE) as page:
        await town.slack.shortcut("zoe", ASK)
        await page.get_by_test_id("modal").wait_for()
        await _take(page, "ask")


async def _deploy(browser: Browser, town: Town) -> None:
    """The one of tests/browser/test_deploy_demo.py, up to Ben's click; Deny asks him why. It goes on waiting."""
    async with _page(browser, town, "ana/ops", CARD) as page:
        await _say(page, "/aikeys deploy payments-circle-webhook")
        await page.get_by_text("Waits for approval").first.wait_for()
    async with _page(browser, town, "ben/ops", THREAD) as page:
        await page.get_by_text("2 replies").first.click()
        await page.get_by_text("payments-circle-webhook.diff").last.wait_for()
        await _take(page, "deploy")
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        await page.get_by_role("button", name="Deny", exact=True).last.click()
        await page.get_by_test_id("confirm-ok").click()
        await page.get_by_test_id("modal").wait_for()
        await _take(page, "deny")
        await page.keyboard.press("Escape")  # what stays open is there on Ben's next page too


async def _enter(browser: Browser, town: Town) -> None:
    """Ben has approved a rotation; Ana enters the values, one of them wrongly. It is called off in the end."""
    chat = Chat(town.slack)
    await chat.says("ana", "/aikeys rotate circle")
    await chat.until(lambda one: has_button("Approve")(one) and "Rotate CIRCLE" in words(one))
    await chat.clicks("ben", "Approve")
    await chat.until(has_button("Enter new values"))
    await chat.clicks("ana", "Enter new values")
    async with _page(browser, town, "ana/ops", PHONE) as page:
        await page.get_by_label("CIRCLE_API_KEY").fill("new_production_key")
        await page.get_by_label("CIRCLE_WEBHOOK_SECRET").fill("aikeys-sealed:v1:0f1e-2d3c-4b5a-6978-8796:AAAA")
        await page.get_by_test_id("modal-submit").click()
        await page.get_by_text("placeholder").wait_for()
        await _take(page, "enter")
        await page.keyboard.press("Escape")
    await chat.clicks("ana", "Cancel")


async def _restore(browser: Browser, town: Town) -> None:
    """Ana asks to go back; Ben sees what is lost by it. It stays asked for."""
    await town.project.archive.keep("before-the-fix")
    await town.project.traffic.send(3)
    async with _page(browser, town, "ana/ops", CARD) as page:
        await _say(page, "/aikeys restore before-the-fix")
        await page.get_by_text("Waits for 2 approvals").first.wait_for()
    async with _page(browser, town, "ben/ops", (720, 940)) as page:
        await page.get_by_text("1 reply").last.click()
        await page.get_by_role("button", name="Approve", exact=True).last.wait_for()
        await _take(page, "restore")


async def _rotate(browser: Browser, town: Town) -> None:
    """Ana enters what Circle's dashboard gave her: to the proof."""
    chat = Chat(town.slack)
    await chat.says("ana", "/aikeys rotate circle")
    await chat.until(lambda one: has_button("Approve")(one) and "Rotate CIRCLE" in words(one))
    await chat.clicks("ben", "Approve")
    await chat.until(has_button("Enter new values"))
    values = (town.project.circle.new_key(), town.project.circle.new_secret())
    await town.project.traffic.send(2)
    async with _page(browser, town, "ana/ops", THREAD) as page:
        await page.get_by_text("3 replies").last.click()
        await page.get_by_role("button", name="Enter new values").last.click()
        await page.get_by_role("textbox", name="CIRCLE_API_KEY").fill(values[0])
        await page.get_by_role("textbox", name="CIRCLE_WEBHOOK_SECRET").fill(values[1])
        await page.get_by_test_id("modal-submit").click()
        await page.get_by_text("8 of 8 done").last.wait_for()
        await _take(page, "rotate")


async def _failing(browser: Browser, town: Town) -> None:
    await town.slack.faults.set("webhook_failing", True)
    async with _page(browser, town, "ana/ops", LONG) as page:
        await page.get_by_text("P1 Webhooks failing").last.wait_for()
        await _say(page, "/aikeys logs functions --level error --since 1h")
        await page.get_by_role("button", name="Follow").last.wait_for()
        await _take(page, "logs")
        await _say(page, "/aikeys triage webhook")
        await page.get_by_text("How I know").last.wait_for()
        await page.get_by_text("/aikeys triage webhook").last.wait_for()
        await _take(page, "triage")
    await town.slack.faults.set("webhook_failing", False)


async def _outage(browser: Browser, town: Town) -> None:
    await town.slack.faults.set("database_outage", True)
    async with _page(browser, town, "ana/incidents", LONG) as page:
        await page.get_by_text("2 of 4 actions done").last.wait_for()
        await page.get_by_text("Likely cause").last.wait_for()
        await _take(page, "incident")
    async with _page(browser, town, "ana/ops", PHONE) as page:
        await page.get_by_text("2 replies").first.click()
        await page.get_by_role("button", name="Break glass").last.click()
        await page.get_by_test_id("modal").wait_for()
        await _take(page, "glass")
        await page.keyboard.press("Escape")
    async with _page(browser, town, "ben/dm", TWO) as page:
        await page.get_by_test_id("tab-home").click()
        await page.get_by_text("Its words").last.wait_for()  # a look has found it: the verdict is of now
        await _take(page, "home")


async def _report(browser: Browser, town: Town, folder: Path) -> None:
    """The outage ends, and its report is read as the page that stands in the thread."""
    await town.slack.faults.set("database_outage", False)
    async with _page(browser, town, "ben/incidents", REPORT) as page:
        await page.get_by_role("button", name="Acknowledge").last.click()
        await page.get_by_text("acknowledged", exact=False).last.wait_for()
        await page.get_by_text("by itself").last.wait_for(timeout=3 * SLOWEST)
        await town.slack.say("ben", "#incidents", "/aikeys incident")
        listed = await town.slack.until(
            lambda: re.findall(r"\*(\d+)\* P0 Database", str(town.slack.messages("#incidents", "ben")))
        )
        for note in ("cause: the pooler had no connection left", "follow-up: an alarm at 80 % of the connections"):
            await town.slack.say("ben", "#incidents", f'/aikeys incident note "{note}" {listed[-1]}')
        await town.slack.say("ben", "#incidents", f"/aikeys incident export {listed[-1]}")
        files = town.slack.backend.files.by_id
        found = await town.slack.until(
            lambda: [one for one in files.values() if one.name.endswith(".html") and one.shared], 60
        )
        file = folder / "postmortem.html"
        await asyncio.to_thread(file.write_bytes, found[-1].data or b"")
        await page.goto(file.as_uri())
        await _take(page, "postmortem")


async def _say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer").click()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def _take(page: Page, name: str) -> None:
    await page.mouse.move(0, 0)  # nothing is pointed at
    await page.wait_for_timeout(600)  # what is on its way to be drawn: the toasts, the scroll to the newest
    await page.screenshot(path=SHOTS / f"{name}.png")


@asynccontextmanager
async def _page(browser: Browser, town: Town, place: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """The page as somebody in some channel: *place* is `ana/ops`."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme="light")
    page = await context.new_page()
    page.set_default_timeout(SLOWEST)
    await page.goto(f"{town.slack.url}/#/{place}")
    try:
        yield page
    finally:
        await context.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
