"""mrkdwn and dates, as the page's modules read them."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser

HTML = """async (text) => {
  const { mrkdwn } = await import('/page/mrkdwn.js');
  const holder = document.createElement('div');
  holder.append(mrkdwn(text));
  for (const node of holder.querySelectorAll('*')) {
    for (const { name } of [...node.attributes]) if (name !== 'href') node.removeAttribute(name);
  }
  return holder.innerHTML.replaceAll('<span>', '').replaceAll('</span>', '');
}"""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* and _italic_ and ~gone~", "<strong>bold</strong> and <em>italic</em> and <s>gone</s>"),
        ("*bold with _italic_ inside*", "<strong>bold with <em>italic</em> inside</strong>"),
        ("2*3*4 snake_case_name a~b~c", "2*3*4 snake_case_name a~b~c"),
        ("* not bold * and _ not_", "* not bold * and _ not_"),
        ("(*bold*), “_it_”.", "(<strong>bold</strong>), “<em>it</em>”."),
        ("`a *b* &lt;c&gt;` *x `*` y*", "<code>a *b* &lt;c&gt;</code> <strong>x <code>*</code> y</strong>"),
        ("```\nSELECT *\n```after", "<pre>SELECT *</pre>after"),
        ("&gt; quoted\n&gt; twice\nnot", "<blockquote>quoted<br>twice</blockquote>not"),
        ("&amp;lt; &lt;b&gt; &copy;", "&amp;lt; &lt;b&gt; &amp;copy;"),
        ("<https://example.com/a?b=1&amp;c=2|a *label*>", '<a href="https://example.com/a?b=1&amp;c=2">a *label*</a>'),
        ("<mailto:ana@example.com>", '<a href="mailto:ana@example.com">ana@example.com</a>'),
        ("see https://example.com/x.", 'see <a href="https://example.com/x">https://example.com/x</a>.'),
        ("<@U0BEN> <@U9NEW|nina> <!subteam^S0APPR>", "@ben @nina @approvers"),
        ("<#C0OPS> <#C9GONE|old>", '<a href="#/ana/ops">#ops</a> #old'),
        ("<!here> <!channel>", "@here @channel"),
        (":white_check_mark: :not_one: 10:30:45", "✅ :not_one: 10:30:45"),
        ("<!date^soon^{time}|no date>", "no date"),
        ("<b>", "&lt;b&gt;"),
        ("line\nbreak", "line<br>break"),
    ],
)
async def test_mrkdwn(reader, text, shown):
    assert await reader.page.evaluate(HTML, text) == shown


DATE = """async ([format, tz, now]) => {
  const { formatDate } = await import('/page/dates.js');
  return formatDate(1763964000, format, tz, { now: new Date(now * 1000) });
}"""
THEN = 1_763_964_000  # 2025-11-24 06:00:00 UTC, a Monday
MONTHS_LATER = THEN + 100 * 86_400


@pytest.mark.parametrize(
    ("form", "tz", "now", "shown"),
    [
        ("{date_num} {time}", "Europe/Madrid", MONTHS_LATER, "2025-11-24 07:00"),
        ("{date_num} {time}", "America/New_York", MONTHS_LATER, "2025-11-24 1:00 AM"),
        ("{date_num} {time_secs}", "Asia/Tokyo", MONTHS_LATER, "2025-11-24 15:00:00"),
        ("{date}", "Europe/London", MONTHS_LATER, "November 24th, 2025"),
        ("{date_short}", "Europe/London", MONTHS_LATER, "Nov 24, 2025"),
        ("{date_long}", "Europe/London", MONTHS_LATER, "Monday, November 24th, 2025"),
        ("{date_pretty}", "Europe/London", THEN + 60, "today"),
        ("{date_short_pretty} {time}", "Europe/London", THEN + 86_400, "yesterday 06:00"),
        ("{date_long_pretty}", "Europe/London", THEN - 86_400, "tomorrow"),
        ("{date_pretty}", "Europe/London", MONTHS_LATER, "November 24th, 2025"),
        # 06:00 UTC on the 24th is still the evening of the 23rd in Honolulu
        ("{date_long_pretty}", "Pacific/Honolulu", MONTHS_LATER, "Sunday, November 23rd, 2025"),
        ("{ago}", "Etc/UTC", THEN + 181, "3 minutes ago"),
        ("{ago}", "Etc/UTC", THEN - 7_200, "in 2 hours"),
        ("{ago}", "Etc/UTC", THEN + 2, "just now"),
        ("at {time}, {unknown}", "No/Such", MONTHS_LATER, "at 06:00, {unknown}"),
    ],
)
async def test_date_tokens(reader, form, tz, now, shown):
    assert await reader.page.evaluate(DATE, [form, tz, now]) == shown


@pytest.mark.parametrize(
    ("wall", "tz", "unix"),
    [
        ("2026-11-24T09:30", "Europe/Madrid", 1_795_509_000),
        ("2026-11-24T09:30", "America/New_York", 1_795_530_600),
        ("2026-03-29T02:30", "Europe/Madrid", 1_774_747_800),  # skipped by summer time: an hour later on the clock
    ],
)
async def test_wall_clocks_are_read_in_the_persons_zone(reader, wall, tz, unix):
    read = "async ([wall, tz]) => (await import('/page/zones.js')).unixOf(wall, tz)"

    assert await reader.page.evaluate(read, [wall, tz]) == unix


async def test_one_date_in_three_zones(desk):
    await desk.post(f"<!date^{THEN}^{{date_num}} {{time}}|then>")
    page = await desk.open()
    shown = page.get_by_test_id("message").locator(".text time")
    await expect(shown).to_have_text("2025-11-24 07:00")
    for name, there in (("ben", "2025-11-24 1:00 AM"), ("cy", "2025-11-24 15:00")):
        await page.get_by_test_id("act-as").click()
        await page.get_by_test_id(f"act-as-{name}").click()
        await expect(shown).to_have_text(there)


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        ("health [part] | logs <source> | help", ["health", "logs", "help"]),
        ("[health | logs]", ["health", "logs"]),
        ("[part]", []),
        ("", []),
        ("health, deploy NAME", ["health", "deploy"]),
    ],
)
async def test_subcommands_are_read_from_the_usage_hint(reader, hint, words):
    read = "async (hint) => (await import('/page/completion.js')).subcommands(hint).map((each) => each.word)"

    assert await reader.page.evaluate(read, hint) == words
