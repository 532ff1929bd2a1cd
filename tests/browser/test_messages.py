"""Messages: typed, grouped, edited, private, answered in a thread, reacted to; unread marks; what failed."""

import pytest
from playwright.async_api import expect

from playground.slack.messages import Message
from tests.browser.desk import OPS, message

pytestmark = pytest.mark.browser


async def test_what_one_types_is_said(desk):
    page = await desk.open()
    await page.get_by_test_id("composer").fill("Hello *there*, @ben")
    await page.keyboard.press("Enter")

    row = page.get_by_test_id("message").last
    await expect(row.locator("strong")).to_have_text("there")
    await expect(row.locator(".mention")).to_have_text("@ben")
    await expect(page.get_by_test_id("composer")).to_have_value("")
    assert desk.workspace.messages("#ops", "ben")[-1]["text"] == "Hello *there*, <@U0BEN>"


async def test_messages_of_one_author_stand_together_under_a_day(desk):
    await desk.workspace.say("ben", "#ops", "one")
    await desk.workspace.say("ben", "#ops", "two")
    await desk.workspace.say("ana", "#ops", "three")
    page = await desk.open()

    rows = page.get_by_test_id("message")
    await expect(rows).to_have_count(3)
    await expect(rows.locator(".author-name")).to_have_text(["Ben Carter", "Ana Ruiz"])
    await expect(page.locator(".day")).to_have_text(["Today"])


async def test_an_app_is_marked_and_an_edit_too(desk):
    page = await desk.open()
    ts = await desk.post("asking 6 services")
    row = message(page, ts)
    await expect(row.locator(".app-badge")).to_have_text("APP")
    await expect(row.get_by_test_id("edited")).to_have_count(0)

    await desk.client.chat_update(channel=OPS, ts=ts, text="all well")
    await expect(row).to_contain_text("all well (edited)")
    await desk.client.chat_delete(channel=OPS, ts=ts)
    await expect(row).to_have_count(0)


async def test_an_ephemeral_message_is_for_one_and_can_be_dismissed(desk):
    ana, ben = await desk.open(), await desk.open("ben/ops")
    await desk.client.chat_postEphemeral(channel=OPS, user="U0ANA", text="a word in private")

    row = ana.get_by_test_id("message")
    await expect(row).to_contain_text("Only visible to you")
    await expect(ben.get_by_test_id("message")).to_have_count(0)
    await row.get_by_test_id("dismiss").click()
    await expect(row).to_have_count(0)


async def test_what_failed_is_said_in_grey(desk):
    page = await desk.open()
    await page.get_by_test_id("composer").fill("/nonsense")
    await page.get_by_test_id("send").click()

    await expect(page.get_by_test_id("failure")).to_contain_text("/nonsense is not a valid command")


async def test_a_thread_is_opened_answered_and_counted(desk):
    page = await desk.open()
    ts = await desk.post("P0: database outage")
    await message(page, ts).hover()
    await message(page, ts).get_by_test_id("reply").click()
    thread = page.get_by_test_id("thread")
    await expect(thread).to_contain_text("No replies yet")

    await page.get_by_test_id("thread-composer").fill("On it")
    await page.get_by_test_id("thread-send").click()
    await expect(thread).to_contain_text("1 reply")
    await expect(thread.get_by_test_id("message")).to_have_count(2)
    await expect(message(page, ts).get_by_test_id("thread-line")).to_contain_text("1 reply")
    await expect(page.get_by_test_id("messages").get_by_test_id("message")).to_have_count(1)

    await page.keyboard.press("Escape")
    await expect(thread).to_have_count(0)


async def test_a_slash_command_in_a_thread_is_refused_where_one_looks(desk):
    ts = await desk.post("root")
    page = await desk.open(f"ana/ops/{ts}")
    await page.get_by_test_id("thread-composer").fill("/aikeys health")
    await page.keyboard.press("Enter")

    await expect(page.get_by_test_id("toasts")).to_contain_text("not supported in threads")


async def test_a_reaction_is_picked_taken_back_and_shown_to_others(desk):
    ana, ben = await desk.open(), await desk.open("ben/ops")
    ts = await desk.post("look")
    await message(ana, ts).hover()
    await message(ana, ts).get_by_test_id("react").click()
    await ana.get_by_label("Find an emoji").fill("pushpin")
    await ana.keyboard.press("Enter")

    mine = message(ana, ts).get_by_test_id("reaction-pushpin")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await message(ben, ts).get_by_test_id("reaction-pushpin").click()
    await expect(mine).to_have_accessible_name("pushpin, 2: Ana Ruiz, Ben Carter")
    await mine.click()
    await expect(mine).to_have_attribute("aria-pressed", "false")


async def test_a_message_shortcut_names_the_message(desk):
    page = await desk.open()
    ts = await desk.post("worth keeping")
    await message(page, ts).hover()
    await message(page, ts).get_by_test_id("more").click()
    await page.get_by_test_id("shortcut-add_to_timeline").click()

    told = await desk.told("message_action")
    assert told["message"]["ts"] == ts
    await expect(page.get_by_test_id("modal")).to_be_visible()


async def test_unread_channels_are_bold_and_counted_until_read(desk):
    page = await desk.open()
    await desk.post("one", channel="C0GEN")
    await desk.post("two", channel="C0GEN")
    general = page.get_by_test_id("channel-general")
    await expect(general).to_have_attribute("data-unread", "2")
    await expect(page).to_have_title("(2) ana · AIKeys playground")

    await general.click()
    await expect(general).not_to_have_attribute("data-unread", "2")
    await expect(page.get_by_test_id("new-line")).to_be_visible()
    await expect(page).to_have_title("ana · AIKeys playground")


async def test_new_messages_are_told_to_screen_readers(desk):
    page = await desk.open()
    await desk.post("the *database* answers again")

    await expect(page.get_by_test_id("announcer")).to_have_text("AIKeys: the database answers again")


async def test_a_file_is_previewed_and_can_be_fetched(desk):
    page = await desk.open()
    content = "\n".join(f"line {number}" for number in range(30))
    await desk.client.files_upload_v2(channel=OPS, filename="errors.log", title="Errors", content=content)

    card = page.locator(".file-card")
    await expect(card).to_contain_text("line 11")
    await expect(card.get_by_text("line 29")).to_be_hidden()
    await card.get_by_text("Show 18 more lines").click()
    await expect(card.get_by_text("line 29")).to_be_visible()
    async with page.expect_download() as download:
        await card.get_by_role("link", name="Download errors.log").click()
    assert (await download.value).suggested_filename == "errors.log"


async def test_two_thousand_messages_stay_quick(desk):
    for number in range(2000):
        desk.workspace.state.add(Message(OPS, desk.workspace.state.ts(), "U0BEN", f"message {number}"))
    page = await desk.open()

    await expect(page.get_by_test_id("message")).to_have_count(120)
    await page.get_by_role("button", name="Show earlier messages").click()
    await expect(page.get_by_test_id("message")).to_have_count(240)


async def test_pins_bookmarks_and_permalinks_lead_to_the_message(desk):
    page = await desk.open()
    ts = await desk.post("the card of the incident")
    for number in range(130):
        desk.workspace.state.add(Message(OPS, desk.workspace.state.ts(), "U0BEN", f"talk {number}"))
    answer = await desk.client.chat_getPermalink(channel=OPS, message_ts=ts)
    await desk.client.pins_add(channel=OPS, timestamp=ts)
    await desk.client.bookmarks_add(channel_id=OPS, title="Runbook", type="link", link="https://example.com/runbook")
    await expect(page.get_by_role("link", name="Runbook")).to_be_visible()
    await page.get_by_test_id("pins").click()
    await page.get_by_role("menuitem", name="the card of the incident").click()
    await expect(message(page, ts)).to_be_in_viewport()

    await page.get_by_test_id("channel-general").click()
    await desk.post(f"see <{answer['permalink']}|the card>", channel="C0GEN")
    await page.get_by_role("link", name="the card").click()
    await expect(page.get_by_test_id("title")).to_have_text("ops")
    await expect(message(page, ts)).to_be_in_viewport()


async def test_nothing_is_written_in_an_archived_channel(desk):
    page = await desk.open("ana/incidents")
    await expect(page.get_by_test_id("composer")).to_be_enabled()
    await desk.client.conversations_archive(channel="C0INC")

    await expect(page.get_by_test_id("composer")).to_be_disabled()
    await expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "#incidents is archived")
