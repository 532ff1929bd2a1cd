"""What a stranger does: `make demo`, the page, /aikeys health, the outage, asked again. Everything as it is shipped."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
READY_WITHIN = 60  # seconds; five on a quiet machine


@pytest.fixture
async def demo():
    """The program behind `make demo`, on a free port."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", "--port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(READY_WITHIN):
        while True:
            line = (await process.stdout.readline()).decode()  # type: ignore[union-attr]  # it is a pipe
            assert line, "the demo ended before it was ready"
            if line.startswith("ready "):
                break
    yield process, line.split()[1]
    if process.returncode is None:
        process.kill()
        await process.wait()


def left_behind(process) -> list[str]:
    """Processes that descend from the demo's, or were started for it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            group = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            line = (folder / "cmdline").read_text().replace("\0", " ")
        except (OSError, ValueError):
            continue
        if group == process.pid and int(folder.name) != process.pid:
            found.append(f"{folder.name} {line}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "height", "stop"), [(1280, 900, signal.SIGINT), (390, 844, signal.SIGTERM)], ids=["wide", "phone"]
)
async def test_a_stranger_sees_an_outage_come_and_go(browser, demo, width, height, stop):
    """And stops it, by hand (wide) or as a service would (phone): it ends well and leaves nothing running."""
    process, address = demo
    page = await browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(15_000)
    await page.goto(address)

    composer = page.get_by_test_id("composer")
    await composer.click()
    await page.keyboard.type("/aikeys health")
    await page.keyboard.press("Enter")
    await page.get_by_text("Healthy").first.wait_for()

    await page.get_by_role("button", name="Control panel").click()
    await page.get_by_text("Database outage", exact=True).click()  # its name, as the README says: not the knob alone
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Ask again").last.click()
    await page.get_by_text("Database outage").first.wait_for()

    await page.get_by_role("button", name="Control panel").click()
    await page.get_by_test_id("switch-database_outage").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Ask again").last.click()
    await page.get_by_text("Healthy").first.wait_for()
    await page.close()

    children = {one.split()[0] for one in left_behind(process)}
    process.send_signal(stop)
    async with asyncio.timeout(30):
        assert await process.wait() == 0
    assert not [one for one in children if Path(f"/proc/{one}").exists()]  # noqa: ASYNC240


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc here: processes cannot be looked for")
async def test_the_demo_leaves_nothing_behind_even_when_killed(demo):
    """SIGKILL gives it no chance to clean up: the bot and PostgreSQL go all the same."""
    process, _ = demo
    children = left_behind(process)
    assert children
    ids = [int(one.split()[0]) for one in children]

    process.kill()
    await process.wait()

    async with asyncio.timeout(30):
        # /proc says who still runs, and tells nobody when that changes.
        while [one for one in ids if Path(f"/proc/{one}").exists()]:  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.05)
