"""Each block family is drawn, and what can be pressed reaches the app as Slack would tell it."""

import pytest
from playwright.async_api import expect

from tests.browser.desk import OPS, action, message, picked
from tests.browser.gallery import CARD, GALLERY, SELECTS
from tests.browser.gallery_cards import ATTACHMENTS, CONTAINER, PLAN
from tests.browser.gallery_data import DATA_TABLE, LINE
from tests.browser.words import mrk, plain

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("family", GALLERY)
async def test_the_family_is_drawn(reader, family):
    row = await reader.desk.block(reader.page, GALLERY[family])

    for block in GALLERY[family]:
        await expect(row.locator(f'[data-block="{block["type"]}"]').first).to_be_visible()
    await expect(row.locator(".unknown")).to_have_count(0)
    assert await row.evaluate("(row) => row.scrollWidth <= row.clientWidth")


async def test_an_unknown_block_says_so_and_leaves_its_neighbours(desk):
    page = await desk.open()
    desk.show([{"type": "hologram"}, {"type": "header", "text": plain("still here")}, {"type": "section", "fields": 7}])

    row = page.get_by_test_id("message")
    await expect(row).to_contain_text("A block of type “hologram” cannot be shown here.")
    await expect(row.locator(".header-block")).to_have_text("still here")


async def test_a_button_is_pressed(desk):
    page = await desk.open()
    row = await desk.block(page, CARD)
    await action(row, "logs").click()

    [told] = await desk.actions()
    assert (told["action_id"], told["value"], told["type"]) == ("logs", "logs:db", "button")


async def test_a_link_button_opens_elsewhere_and_is_told(desk):
    page = await desk.open()
    row = await desk.block(page, CARD)
    node = action(row, "status")
    assert await node.get_attribute("href") == "https://example.com/status"
    assert await node.get_attribute("rel") == "noopener noreferrer"


async def test_a_dangerous_button_asks_first(desk):
    page = await desk.open()
    row = await desk.block(page, CARD)
    await action(row, "rollback").click()
    dialog = page.get_by_test_id("confirm")
    await expect(dialog).to_contain_text("Version 42 goes, version 41 comes back.")
    # The safe answer has the focus: Enter pressed too soon destroys nothing.
    await expect(page.get_by_test_id("confirm-cancel")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(action(row, "rollback")).to_be_focused()

    await action(row, "rollback").click()
    await page.keyboard.press("Escape")
    await action(row, "rollback").click()
    await page.get_by_test_id("confirm-ok").click()
    told = await desk.actions()
    assert [each["action_id"] for each in told] == ["rollback"]


async def test_overflow_and_selects_send_what_was_picked(desk):
    page = await desk.open()
    row = await desk.block(page, CARD)
    await action(row, "more").click()
    await page.get_by_role("menuitem", name="Show open incidents").click()
    await desk.actions(1)

    row = await desk.block(page, SELECTS)
    await action(row, "silence").click()
    await page.keyboard.type("1 h")
    await page.keyboard.press("Enter")
    await expect(action(row, "silence")).to_contain_text("1 hour")
    await desk.actions(2)
    await action(row, "lead").click()
    await page.get_by_role("option", name="Cy Mori").click()
    await desk.actions(3)
    await action(row, "day").fill("2026-12-01")
    await desk.actions(4)
    await action(row, "hour").fill("10:45")
    await desk.actions(5)
    await row.get_by_label("Lead told").check()
    await desk.actions(6)
    await row.get_by_label("P0").check()
    told = await desk.actions(7)

    assert {each["action_id"]: picked(each) for each in told} == {
        "more": "incidents",
        "silence": "1h",
        "lead": "U0CY",
        "day": "2026-12-01",
        "hour": "10:45",
        "done": ["lead"],
        "severity": "P0",
    }


async def test_what_was_picked_survives_an_edit_of_the_message(desk):
    page = await desk.open()
    ts = await desk.post("fallback", blocks=SELECTS)
    row = message(page, ts)
    await action(row, "silence").click()
    await page.get_by_role("option", name="4 hours").click()
    await desk.actions()
    [shown] = [each for each in desk.workspace.messages("#ops", "ana") if each["ts"] == ts]
    blocks = [{"type": "header", "text": plain("edited")}, *shown["blocks"]]
    await desk.client.chat_update(channel=OPS, ts=ts, text="fallback", blocks=blocks)

    await expect(row.locator(".header-block")).to_have_text("edited")
    await expect(action(row, "silence")).to_contain_text("4 hours")


async def test_feedback_and_icon_buttons(desk):
    page = await desk.open()
    row = await desk.block(page, GALLERY["context actions"])
    await row.get_by_role("button", name="Not useful").click()
    await desk.actions(1)
    await row.get_by_role("button", name="Remove").click()

    told = await desk.actions(2)
    assert [(each["action_id"], picked(each)) for each in told] == [("useful", "no"), ("drop", None)]


async def test_a_data_table_is_sorted_and_paged(desk):
    page = await desk.open()
    row = await desk.block(page, DATA_TABLE)
    first = row.locator("tbody th")
    await expect(first).to_have_text(["insert payments", "select ledger", "update wallets"])
    await row.get_by_role("button", name="Next page").click()
    await expect(first).to_have_text(["select events", "vacuum"])

    await row.get_by_role("button", name="Mean ms").click()
    await expect(first).to_have_text(["select events", "update wallets", "insert payments"])
    await row.get_by_role("button", name="Mean ms").click()
    await expect(row.get_by_role("columnheader", name="Mean ms")).to_have_attribute("aria-sort", "descending")
    await expect(first).to_have_text(["vacuum", "select ledger", "insert payments"])


async def test_a_chart_can_be_read_without_seeing_it(desk):
    page = await desk.open()
    row = await desk.block(page, LINE)

    image = row.get_by_role("img", name="line chart: Latency of the database")
    await expect(image).to_have_accessible_name(
        "line chart: Latency of the database. p50: from 12 to 12, lowest 11, highest 140. "
        "p95: from 40 to 41, lowest 40, highest 812."
    )
    await row.get_by_text("Show the figures").first.click()
    await expect(row.get_by_role("row", name="07:00 140 812")).to_be_visible()


async def test_a_container_stays_as_the_reader_left_it(desk):
    page = await desk.open()
    ts = await desk.post("fallback", blocks=CONTAINER)
    row = message(page, ts)
    await expect(row.get_by_text("outage begins")).to_be_hidden()
    await row.get_by_text("Timeline").click()
    await expect(row.get_by_text("outage begins")).to_be_visible()

    longer = [{**CONTAINER[0], "subtitle": plain("8 entries")}]
    await desk.client.chat_update(channel=OPS, ts=ts, text="fallback", blocks=longer)
    await expect(row).to_contain_text("8 entries")
    await expect(row.get_by_text("outage begins")).to_be_visible()


async def test_a_plan_says_each_status_in_a_word(desk):
    page = await desk.open()
    row = await desk.block(page, PLAN)

    await expect(row.locator(".plan-count")).to_have_text("2 of 5 done, 1 failed")
    await expect(row.locator(".task-word")).to_have_text(["done", "done", "failed", "under way", "to do"])
    await expect(row.get_by_text("answered 500 three times")).to_be_visible()


async def test_an_attachment_has_its_bar_and_its_buttons(desk):
    page = await desk.open()
    ts = await desk.post("P0", attachments=ATTACHMENTS)
    row = message(page, ts)
    colour = await row.locator(".attachment").evaluate("(node) => getComputedStyle(node, '::before').backgroundColor")
    assert colour == "rgb(163, 2, 0)"

    await action(row, "ack").click()
    assert (await desk.actions())[0]["action_id"] == "ack"


async def test_the_focus_stays_on_a_button_while_its_card_is_edited(desk):
    page = await desk.open()
    ts = await desk.post("fallback", blocks=CARD)
    row = message(page, ts)
    await action(row, "again").focus()
    [shown] = [each for each in desk.workspace.messages("#ops", "ana") if each["ts"] == ts]
    blocks = [*shown["blocks"], {"type": "context", "elements": [mrk("edited")]}]
    await desk.client.chat_update(channel=OPS, ts=ts, text="fallback", blocks=blocks)

    await expect(row).to_contain_text("edited")
    await expect(action(row, "again")).to_be_focused()
