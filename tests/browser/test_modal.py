"""Modals and the App Home: errors under their inputs, the stack, what was typed, what reaches the app."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.desk import action

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(desk):
    """A page with the modal open."""
    page = await desk.open()
    await page.get_by_test_id("composer-shortcuts").click()
    await page.get_by_test_id("shortcut-declare_incident").click()
    await expect(page.get_by_test_id("modal")).to_be_visible()
    return page


async def fill(page: Page) -> None:
    await page.get_by_label("Title").fill("Database outage")
    await action(page, "value").and_(page.locator("[data-block-id=severity]")).click()
    await page.get_by_role("option", name="P0").click()


async def test_what_is_missing_is_said_before_anything_is_sent(desk, page):
    await expect(page.get_by_label("Title")).to_be_focused()
    await page.get_by_label("Contact").fill("not an address")
    await page.get_by_label("Payments affected").fill("-1")
    await page.get_by_label("Status page").fill("example.com")
    await page.get_by_test_id("modal-submit").click()

    error = page.locator("[data-error]:visible")
    await expect(error).to_have_text(
        [
            "Please complete this required field.",
            "Please complete this required field.",
            "Enter an e-mail address, such as ana@example.com.",
            "The smallest possible is 0.",
            "Enter a web address that begins with https://.",
        ]
    )
    await expect(page.get_by_label("Title")).to_be_focused()
    await expect(page.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    assert [each for each in desk.heard if each.get("type") == "view_submission"] == []


async def test_what_the_app_refuses_stands_under_its_input(desk, page):
    desk.submit_answer = {"response_action": "errors", "errors": {"title": "Somebody declared this already."}}
    await fill(page)
    await page.get_by_test_id("modal-submit").click()

    await expect(page.locator('[data-error="title"]')).to_have_text("Somebody declared this already.")
    await expect(page.get_by_label("Title")).to_have_value("Database outage")
    desk.submit_answer = {}
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("modal")).to_be_hidden()


async def test_the_values_reach_the_app_in_slacks_form(desk, page):
    await fill(page)
    await action(page, "value").and_(page.locator("[data-block-id=who]")).click()
    await page.get_by_role("option", name="Ben Carter").click()
    await page.get_by_role("option", name="Cy Mori").click()
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-block-id=who].select")).to_be_focused()
    await page.get_by_label("Payments affected").fill("12")
    await page.get_by_label("Lead told").check()
    await page.get_by_label("What is known").fill("two\nlines")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("modal")).to_be_hidden()

    told = await desk.told("view_submission")
    values = {block: next(iter(entries.values())) for block, entries in told["view"]["state"]["values"].items()}
    assert values["title"]["value"] == "Database outage"
    assert values["severity"]["selected_option"]["value"] == "P0"
    assert values["who"]["selected_users"] == ["U0BEN", "U0CY"]
    assert values["lost"]["value"] == "12"
    assert values["since"]["selected_date_time"] == 1_763_964_000
    assert [each["value"] for each in values["steps"]["selected_options"]] == ["lead"]
    assert values["story"]["value"] == "two\nlines"
    assert values["mail"]["value"] is None


async def test_a_second_page_lies_over_the_first_which_keeps_what_was_typed(page):
    await fill(page)
    await action(page, "deeper").click()
    await expect(page.get_by_role("heading", name="Second page")).to_be_visible()
    await page.get_by_test_id("modal-back").click()

    await expect(page.get_by_role("heading", name="Declare an incident")).to_be_visible()
    await expect(page.get_by_label("Title")).to_have_value("Database outage")


async def test_an_update_of_the_view_keeps_what_was_typed(page):
    await fill(page)
    await action(page, "peek").click()

    await expect(page.get_by_test_id("modal")).to_contain_text("These are the logs.")
    await expect(page.get_by_label("Title")).to_have_value("Database outage")


async def test_escape_closes_and_the_focus_goes_back(desk, page):
    await page.keyboard.press("Escape")

    await expect(page.get_by_test_id("modal")).to_be_hidden()
    await expect(page.get_by_test_id("composer-shortcuts")).to_be_focused()
    assert (await desk.told("view_closed"))["is_cleared"] is False


async def test_the_cross_closes_the_whole_stack(desk, page):
    await action(page, "deeper").click()
    await expect(page.get_by_test_id("modal-back")).to_be_visible()
    await page.get_by_test_id("modal-x").click()

    await expect(page.get_by_test_id("modal")).to_be_hidden()
    assert (await desk.told("view_closed"))["is_cleared"] is True


async def test_the_focus_cannot_leave_the_dialog(page):
    inside = """() => {
      const dialog = document.querySelector('[data-testid=modal]');
      return dialog.contains(document.activeElement) || document.activeElement === document.body;
    }"""
    for _ in range(25):
        await page.keyboard.press("Tab")
        assert await page.evaluate(inside)


async def test_the_home_is_opened_filled_and_pressed(desk):
    page = await desk.open("ana/dm")
    await page.get_by_test_id("tab-home").click()
    home = page.get_by_test_id("home")
    await expect(home).to_contain_text("Good morning, Ana")
    await action(home, "home-health").click()

    assert (await desk.actions())[0]["action_id"] == "home-health"
    await page.keyboard.press("Escape")
    await page.get_by_test_id("tab-home").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_test_id("composer")).to_be_visible()
