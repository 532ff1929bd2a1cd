"""One Chromium for the whole run; a fresh workspace, app and blank pages for each test."""

import shutil
from typing import NamedTuple

import pytest
from playwright.async_api import Page, async_playwright

from tests.browser.desk import Desk
from tests.browser.pages import Pages

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
async def browser():
    """Debian's chromium; skipped with the reason where it is not installed."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed (apt-get install chromium): the page was not tested")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def pages(browser) -> Pages:
    """Its pages, used again."""
    return Pages(browser)


@pytest.fixture
async def desk(pages):
    """A workspace with a small app; afterwards no page may have logged an error."""
    async with Desk(pages) as desk:
        yield desk
    assert desk.errors == []


class Reader(NamedTuple):
    """A page and what stands behind it."""

    desk: Desk
    page: Page


@pytest.fixture(scope="module")
async def reader(pages):
    """One page for the tests of a file that only look, or call the page's modules."""
    async with Desk(pages) as desk:
        yield Reader(desk, await desk.open())
    assert desk.errors == []
