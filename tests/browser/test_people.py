"""Acting as each of the cast; the control panel; the inspector; the socket that comes back; the telephone."""

import pytest
from playwright.async_api import expect

from tests.browser.desk import message
from tests.browser.gallery import GALLERY

pytestmark = pytest.mark.browser


async def test_acting_as_another_shows_what_that_one_sees(desk):
    await desk.client.chat_postEphemeral(channel="C0OPS", user="U0BEN", text="for Ben only")
    page = await desk.open()
    await expect(page.get_by_test_id("message")).to_have_count(0)
    await page.get_by_test_id("act-as").click()
    await page.get_by_test_id("act-as-ben").click()

    await expect(page.get_by_test_id("act-as")).to_contain_text("Ben Carterapprover")
    await expect(page.get_by_test_id("message")).to_contain_text("for Ben only")
    await page.get_by_test_id("composer").fill("I am Ben")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("message").last.locator(".author-name")).to_have_text("Ben Carter")


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        ("ana", ["ops", "incidents", "general", "war-room", "partners"]),
        ("zoe", ["ops", "incidents", "general", "partners"]),
        ("gus", ["ops", "general"]),
        ("sam", ["partners"]),
    ],
)
async def test_each_sees_their_own_channels(desk, name, channels):
    page = await desk.open(f"{name}/dm")

    await expect(page.locator(".channels").first.locator(".channel-name")).to_have_text(channels)
    await expect(page.get_by_test_id("dm-aikeys")).to_have_attribute("aria-current", "page")


async def test_a_dm_to_another_person_is_unread_for_that_one(desk):
    page = await desk.open()
    await desk.post("please approve", channel="D0BEN")
    await page.get_by_test_id("act-as").click()
    await page.get_by_test_id("act-as-ben").click()

    await expect(page.get_by_test_id("dm-aikeys")).to_have_attribute("data-unread", "1")


async def test_a_switch_is_put_on_and_off_and_seen_by_all(desk):
    ana, ben = await desk.open(), await desk.open("ben/ops")
    await ana.get_by_test_id("panel-open").click()
    switch = ana.get_by_test_id("switch-slack_429")
    await expect(switch).to_have_attribute("aria-checked", "false")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")
    await expect(ben.get_by_test_id("panel-open")).to_contain_text("1 on")

    await ana.get_by_test_id("all-off").click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await expect(ben.get_by_test_id("panel-open")).not_to_contain_text("on1")
    await expect(ana.get_by_test_id("panel").get_by_role("link", name="Mailbox")).to_be_visible()


async def test_cut_sockets_are_seen(desk):
    page = await desk.open()
    await expect(page.get_by_test_id("sockets")).to_have_text("●App connected, 1 socket")
    await page.get_by_test_id("panel-open").click()
    await page.get_by_test_id("switch-socket_kill").click()

    await expect(page.get_by_test_id("sockets")).to_have_text("○App not connected")


async def test_the_inspector_shows_the_frames_as_they_come(desk):
    page = await desk.open()
    await page.get_by_test_id("inspector-open").click()
    await desk.post("seen on the wire")
    frames = page.get_by_test_id("frame")
    await expect(frames.first).to_contain_text("chat.postMessage")

    await frames.first.click()
    await expect(page.get_by_test_id("frame-json")).to_contain_text('"text": "seen on the wire"')
    await page.locator('[data-kind-filter="socket"]').click()
    await expect(page.locator("[data-testid=frame][data-kind=call]")).to_have_count(0)
    await expect(frames).not_to_have_count(0)
    assert desk.workspace.bot_token not in await page.content()


async def test_the_page_says_that_it_reconnects_and_catches_up(desk):
    page = await desk.open()
    workspace = desk.workspace
    workspace._port = int(workspace.url.rsplit(":", 1)[1])
    await workspace.stop()
    await expect(page.get_by_test_id("notice")).to_contain_text("Reconnecting")
    await expect(page.get_by_test_id("app")).to_have_attribute("data-connection", "off")
    await workspace.start()
    await workspace.say("ben", "#ops", "while you were away")

    await expect(page.get_by_test_id("notice")).to_be_hidden()
    await expect(page.get_by_test_id("message")).to_contain_text("while you were away")
    desk.errors.clear()  # the refused connections, as the browser's console tells them


async def test_on_a_telephone_nothing_overflows(desk):
    page = await desk.open(width=390, height=780, has_touch=True)
    for name, blocks in GALLERY.items():
        await desk.post(name, blocks=blocks)
    await expect(page.get_by_test_id("message")).to_have_count(len(GALLERY))

    wide = await page.evaluate(
        """() => [...document.querySelectorAll('#main *')].filter((node) => {
          const box = node.getBoundingClientRect();
          const clipped = node.closest('.table-scroll, .carousel-track, .unseen, .chart-stage, pre');
          return box.width && box.right > window.innerWidth + 1 && !clipped;
        }).map((node) => node.className)"""
    )
    assert wide == []


async def test_on_a_telephone_the_sidebar_is_a_sheet_and_the_thread_fills_the_screen(desk):
    ts = await desk.post("root")
    page = await desk.open(width=390, height=780)
    sidebar = page.get_by_test_id("sidebar")
    await expect(sidebar).to_be_hidden()
    await page.get_by_test_id("menu").click()
    await expect(sidebar).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sidebar).to_be_hidden()
    await page.get_by_test_id("menu").click()
    await page.get_by_test_id("channel-general").click()
    await expect(sidebar).to_be_hidden()
    await expect(page.get_by_test_id("title")).to_have_text("general")
    await page.go_back()

    await message(page, ts).click()
    await message(page, ts).get_by_test_id("reply").click()
    box = await page.get_by_test_id("pane").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, 390)
    await page.get_by_role("button", name="Back to the channel").click()
    await expect(page.get_by_test_id("thread")).to_have_count(0)
