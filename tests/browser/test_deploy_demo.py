"""The README's deploy: `make demo`, Ana asks, Ben approves on his own page, both see it done. Everything as shipped."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
READY_WITHIN = 60  # seconds; five on a quiet machine


@pytest.fixture
async def demo():
    """The program behind `make demo`, on a free port; its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", "--port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    async with asyncio.timeout(READY_WITHIN):
        while not (line := (await process.stdout.readline()).decode()).startswith("ready "):
            assert line, "the demo ended before it was ready"
    yield line.split()[1]
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        assert await process.wait() == 0


async def test_ana_asks_ben_approves(browser, demo):
    ana = await browser.new_page(viewport={"width": 1280, "height": 900})
    ben = await browser.new_page(viewport={"width": 1280, "height": 900})
    for page in (ana, ben):
        page.set_default_timeout(20_000)
    await ana.goto(f"{demo}#/ana/ops")
    await ben.goto(f"{demo}#/ben/ops")

    await ana.get_by_test_id("composer").click()
    await ana.keyboard.type("/aikeys deploy payments-circle-webhook")
    await ana.keyboard.press("Enter")
    await ana.get_by_text("Waits for approval").first.wait_for()

    await ben.get_by_text("2 replies").first.click()  # the card, and the diff as a file
    await ben.get_by_text("payments-circle-webhook.diff").last.wait_for()
    await ben.get_by_role("button", name="Approve", exact=True).last.click()
    await ben.get_by_test_id("confirm-ok").click()

    await ana.get_by_text("is live: version").first.wait_for()
    await ben.get_by_text("refuses an unsigned event (401); it accepts a signed one (200)").last.wait_for()
    assert await ben.get_by_role("button", name="Approve", exact=True).count() == 0
    await ana.close()
    await ben.close()
