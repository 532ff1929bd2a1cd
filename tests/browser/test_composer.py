"""The composer: suggestions, keys, drafts; and the whole way with the keyboard alone."""

import pytest
from playwright.async_api import expect

from tests.browser.desk import HINT, action, message
from tests.browser.gallery import CARD

pytestmark = pytest.mark.browser


async def test_a_command_is_suggested_with_description_and_hint(desk):
    page = await desk.open()
    await page.get_by_test_id("composer").press_sequentially("/ai")
    offers = page.get_by_test_id("autocomplete").get_by_role("option")
    await expect(offers).to_have_text([f"/aikeys {HINT}The operations runbook"])

    await page.keyboard.press("Tab")
    await expect(page.get_by_test_id("composer")).to_have_value("/aikeys ")
    await expect(page.get_by_test_id("usage")).to_have_text(f"/aikeys {HINT}")
    await expect(offers).to_have_text([f"/aikeys {each}" for each in HINT.split(" | ")])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("composer")).to_have_value("/aikeys logs ")
    await page.keyboard.type("db")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("message").last).to_contain_text("You said logs db")
    assert desk.heard[-1]["command"] == "/aikeys"


async def test_enter_sends_a_whole_command_and_escape_hides_the_list(desk):
    page = await desk.open()
    box = page.get_by_test_id("composer")
    await box.press_sequentially("/aikeys he")
    await expect(page.get_by_test_id("autocomplete")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("autocomplete")).to_be_hidden()
    await page.keyboard.type("alth")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("message").last).to_contain_text("You said health")


async def test_people_channels_and_emoji_are_suggested(desk):
    page = await desk.open()
    box = page.get_by_test_id("composer")
    await box.press_sequentially("ask @be")
    await page.keyboard.press("Enter")
    await page.keyboard.type("in #inc")
    await page.keyboard.press("Tab")
    await page.keyboard.type(":rocke")
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("ask @ben in #incidents :rocket: ")
    await page.keyboard.press("Enter")

    row = page.get_by_test_id("message").last
    await expect(row.locator(".mention")).to_have_text(["@ben", "#incidents"])
    await expect(row.get_by_role("img", name="rocket emoji")).to_be_visible()


async def test_shift_enter_breaks_the_line_and_arrow_up_brings_back(desk):
    page = await desk.open()
    box = page.get_by_test_id("composer")
    await box.press_sequentially("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("message").last.locator("br")).to_have_count(1)

    await page.keyboard.press("ArrowUp")
    await expect(box).to_have_value("one\ntwo")
    await page.keyboard.press("ArrowDown")
    await expect(box).to_have_value("")


async def test_a_draft_waits_in_its_channel(desk):
    page = await desk.open()
    await page.get_by_test_id("composer").fill("half a thou")
    await page.get_by_test_id("channel-general").click()
    await expect(page.get_by_test_id("composer")).to_have_value("")
    await page.get_by_test_id("channel-ops").click()
    await expect(page.get_by_test_id("composer")).to_have_value("half a thou")


async def test_what_was_refused_is_given_back(desk):
    page = await desk.open()
    await page.get_by_test_id("composer").fill("x" * 12_001)
    await page.get_by_test_id("send").click()

    await expect(page.get_by_test_id("toasts")).to_contain_text("at most 12000 characters")
    assert len(await page.get_by_test_id("composer").input_value()) == 12_001
    desk.errors.clear()  # the refusal, as the browser's console tells it


async def test_all_of_it_with_the_keyboard_alone(desk):
    """Skip link, a command, back to its card by arrow keys, a dialog, the thread, another channel."""
    ts = await desk.post("All well", blocks=CARD)
    page = await desk.open()
    await page.get_by_test_id("skip").or_(page.locator("#skip")).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("composer")).to_be_focused()
    await page.keyboard.type("/aikeys health")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("message").last).to_contain_text("You said health")

    row = message(page, ts)
    last = page.get_by_test_id("message").last
    for _ in range(12):
        await page.keyboard.press("Shift+Tab")
        if await last.evaluate("(row) => row === document.activeElement"):
            break
    await page.keyboard.press("ArrowUp")
    await expect(row).to_be_focused()
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await action(row, "rollback").evaluate("(node) => node === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_test_id("confirm-ok")).to_be_focused()
    await page.keyboard.press("Enter")
    assert (await desk.actions())[0]["action_id"] == "rollback"

    await row.focus()
    await page.keyboard.press("t")
    await expect(page.get_by_test_id("thread-composer")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("composer")).to_be_focused()
    await page.get_by_test_id("channel-ops").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_test_id("channel-incidents")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("title")).to_have_text("incidents")
