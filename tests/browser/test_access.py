"""What a screen reader and a finger find: names, unique ids, room enough to press."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.gallery import GALLERY

pytestmark = pytest.mark.browser

PRESSED = {
    "button",
    "link",
    "textbox",
    "combobox",
    "switch",
    "checkbox",
    "radio",
    "tab",
    "searchbox",
    "menuitem",
    "option",
    "img",
}
TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}"""
# WCAG 2.2 AA 2.5.8: 24 × 24 px, links inside a sentence left out.
SMALL = """() => [...document.querySelectorAll('#app button, #app summary, dialog[open] button')].filter((node) => {
  const box = node.getBoundingClientRect();
  return node.checkVisibility({ visibilityProperty: true }) && box.width && (box.width < 24 || box.height < 24);
}).map((node) => `${node.className} ${node.textContent.slice(0, 30)}`)"""


async def nameless(page: Page) -> list[str]:
    """Elements that can be pressed, and pictures, without an accessible name."""
    session = await page.context.new_cdp_session(page)
    tree = await session.send("Accessibility.getFullAXTree")
    await session.detach()
    found = [node for node in tree["nodes"] if not node.get("ignored") and node["role"]["value"] in PRESSED]
    assert len(found) > 10
    return [str(node["role"]["value"]) for node in found if not node.get("name", {}).get("value", "").strip()]


async def test_everything_has_a_name_and_room(desk):
    for blocks in GALLERY.values():
        await desk.post("fallback", blocks=blocks)
    page = await desk.open()
    await expect(page.get_by_test_id("message")).to_have_count(len(GALLERY))

    assert await nameless(page) == []
    assert await page.evaluate(SMALL) == []
    await page.get_by_test_id("panel-open").click()
    assert await nameless(page) == []
    await page.get_by_test_id("inspector-open").click()
    await expect(page.get_by_test_id("frame").first).to_be_visible()
    assert await nameless(page) == []
    assert await page.evaluate(SMALL) == []
    await page.get_by_test_id("composer-shortcuts").click()
    assert await nameless(page) == []
    await page.get_by_test_id("shortcut-declare_incident").click()
    await expect(page.get_by_test_id("modal")).to_be_visible()
    assert await nameless(page) == []
    assert await page.evaluate(SMALL) == []
    assert await page.evaluate(TWICE) == []


async def test_motion_is_left_out_for_those_who_ask(desk):
    page = await desk.open(reduced_motion="reduce")
    await desk.block(page, GALLERY["plan"])

    assert await page.evaluate("document.getAnimations().length") == 0
