"""A P0 and a P1 as people see them: acknowledged, sent, read in the mailbox, over."""

import pytest
from playwright.async_api import expect

from bot.clock import SystemClock
from tests.outbox.hurried import Hurried
from tests.running import unwatched

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def environment(environment):
    people = {"AIKEYS_LEAD": "U0CY", "AIKEYS_LEAD_PHONE": "+34 600 123 456", "AIKEYS_ON_CALL": "S0APPR"}
    return environment | people | {"AIKEYS_CALL_HERE": "true"}


class Quick(Hurried):
    """Five seconds between two looks are one, and minutes in which nothing happens are none."""

    passed = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.passed

    def passes(self, minutes: float) -> None:
        self.passed += minutes * 60


@pytest.fixture
def quick():
    """The bot's own clock."""
    return Quick(times=4, start=SystemClock().now())


@pytest.fixture
async def bot(town, settings, quick):
    """It looks when it is told to."""
    async with unwatched(settings, quick) as bot:
        yield bot


@pytest.fixture
async def page(browser, town, bot):
    page = await browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(15_000)
    await page.goto(f"{town.slack.url}/#/ben/incidents")
    yield page
    await page.close()


async def looks(bot, clock, times, apart=5.0):
    assert bot._answering is not None
    for _ in range(times):
        await bot._answering.watch._eyes.once(None)
        await clock.sleep(apart)


async def test_a_p0_from_the_card_to_the_mailbox(page, town, bot, quick):
    await town.slack.faults.set("database_outage", True)
    await town.slack.faults.set("secret_missing", True)  # a P1, were the database there
    await looks(bot, quick, 4)

    messages = page.get_by_test_id("messages")
    await messages.get_by_text("P0 Database outage").first.wait_for()
    await messages.get_by_text("+34 600 123 456").first.wait_for()
    await messages.get_by_text("#inc-").first.wait_for()
    await messages.get_by_text("With it, explained by it").first.wait_for()
    await messages.get_by_role("button", name="Acknowledge").click()
    await messages.get_by_text("P0 Database outage · acknowledged").wait_for()

    await page.get_by_text("repl").first.click()
    await page.get_by_text(f"Project ref: {town.project.ref}").wait_for()
    await page.get_by_role("button", name="Send it to Supabase").click()
    await page.get_by_text("mail to support@supabase.io by").wait_for()

    await messages.get_by_text("#inc-").first.click()
    await expect(page.get_by_test_id("title")).to_contain_text("database-outage")
    await page.get_by_text("1 pinned").wait_for()
    await page.goto(town.mailbox.url)
    assert await page.get_by_text("P0: Database outage").count() == 2, "to the lead and to Supabase's support"

    await page.goto(f"{town.slack.url}/#/ben/incidents")
    await town.slack.faults.set("secret_missing", False)
    await town.slack.faults.set("database_outage", False)
    await looks(bot, quick, 4)
    quick.passes(minutes=5)
    await looks(bot, quick, 2)
    await messages.get_by_text("P0 Database outage · resolved").wait_for()
    await page.get_by_text("repl").first.click()
    await page.get_by_text(
        "4 of 4 done"
    ).wait_for()  # the row in security_events was the last: it waits for its database
    assert await messages.get_by_text("P1 Secret missing").count() == 0, "one cause, one page"


async def test_a_p1_with_its_clock_kept_open_and_resolved(page, town, bot, quick):
    await town.slack.faults.set("secret_missing", True)
    await page.goto(f"{town.slack.url}/#/ben/ops")
    await looks(bot, quick, 3)

    messages = page.get_by_test_id("messages")
    await messages.get_by_text("P1 Secret missing").wait_for()
    await messages.get_by_text("Goes to the technical lead").wait_for()
    await messages.get_by_role("button", name="Keep open").click()
    await messages.get_by_text("Kept open").first.wait_for()
    await messages.get_by_role("button", name="Resolve").click()
    await page.get_by_test_id("confirm-ok").click()
    await messages.get_by_text("P1 Secret missing · resolved").wait_for()
    assert await messages.get_by_role("button", name="Acknowledge").count() == 0
