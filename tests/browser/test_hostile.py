"""What people and apps write is text: nothing of it runs, nothing becomes markup, nothing makes the page slow."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.desk import message
from tests.browser.words import button, mrk, option, plain

pytestmark = pytest.mark.browser

SCRIPT = "<script>window.hacked = 1</script>"
IMAGE = "<img src=x onerror='window.hacked = 1'>"
BREAKOUT = "\"'><svg onload=window.hacked=1>"
ATTACKS = [
    SCRIPT,
    IMAGE,
    BREAKOUT,
    "<javascript:window.hacked=1|press me>",
    '<https://example.com/" onmouseover="window.hacked=1|label>',
    "<data:text/html,<script>window.hacked=1</script>|x>",
    "<!channel> <!here> <!everyone>",
    "<@U0NOBODY|<b>bold</b>> <#C0NONE|<i>x</i>> <!date^x^{time}|<u>y</u>> <!unknown^1^2|z>",
    "\u202eevil\u202c and \u2066isolated\u2069 and שלום *עולם* مرحبا",
    "`" + SCRIPT + "` ```" + IMAGE + "```",
    "{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1}",
    "\x00\x07\x1b[31mred\x1b[0m \ufeff \U000e0001",
]

CLEAN = Path(__file__).with_name("clean.js").read_text(encoding="utf-8")
NOTHING = {"hacked": None, "scripts": 1, "handlers": 0, "links": 0, "made": 0}


async def test_nothing_in_a_text_runs_or_becomes_markup(desk):
    page = await desk.open()
    for attack in ATTACKS:
        await desk.post(attack)
        await desk.workspace.say("ben", "#ops", attack)

    await expect(page.get_by_test_id("message")).to_have_count(2 * len(ATTACKS))
    assert await page.evaluate(CLEAN) == NOTHING
    await expect(page.get_by_text(SCRIPT, exact=True)).to_have_count(4)  # plain and in code, by the app and by Ben


async def test_nothing_in_a_block_runs_or_becomes_markup(desk):
    page = await desk.open()
    evil = f"{SCRIPT}{IMAGE}"
    short = IMAGE[:74]
    # Put in behind the server's own checks: the page does not lean on them.
    desk.show(
        [
            {"type": "header", "text": plain(evil)},
            {"type": "section", "text": mrk(evil), "fields": [mrk(evil), plain(evil)]},
            {"type": "context", "elements": [mrk(evil), plain(evil)]},
            {
                "type": "markdown",
                "text": f"{evil}\n\n[x](javascript:window.hacked=1) <a href=x>y</a>\n\n| {evil} |\n|--|\n| {evil} |",
            },
            {"type": "actions", "elements": [button(short, "evil", value=evil)]},
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "static_select",
                        "action_id": "s",
                        "placeholder": plain(short),
                        "options": [option(short, "v")],
                    }
                ],
            },
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": evil},
                            {"type": "link", "url": "javascript:window.hacked=1", "text": evil},
                            {"type": "color", "value": "red;background:url(//example.com)"},
                        ],
                    }
                ],
            },
            {"type": "table", "rows": [[{"type": "raw_text", "text": evil}], [{"type": "raw_text", "text": evil}]]},
            {"type": "image", "image_url": "javascript:window.hacked=1", "alt_text": evil},
            {"type": "card", "title": plain(evil), "hero_image": {"image_url": "data:text/html,x", "alt_text": evil}},
            {"type": evil, "text": evil},
            {"type": "section", "text": 7, "accessory": {"type": evil}},
            {
                "type": "data_visualization",
                "title": evil,
                "chart": {"type": "line", "series": [{"name": evil, "data": "x"}]},
            },
        ],
        attachments=[
            {"color": "red;background:url(//example.com)", "title": evil, "title_link": "javascript:1", "text": evil}
        ],
    )
    await expect(page.get_by_test_id("message")).to_be_visible()

    assert await page.evaluate(CLEAN) == NOTHING


async def test_ten_thousand_characters_are_shown_whole(desk):
    page = await desk.open()
    ts = await desk.post("x" * 9_990 + " the end")

    row = message(page, ts)
    await expect(row).to_contain_text("the end")
    assert await page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    assert await row.evaluate("(row) => row.scrollWidth <= row.clientWidth")


@pytest.mark.parametrize(
    "text",
    [
        "*" * 10_000,
        "*a " * 3_300,
        "*_~" * 3_300,
        "<" * 10_000,
        "<" * 9_999 + ">",
        "`" * 9_999,
        "` " * 5_000,
        "```" * 3_333,
        "> " * 5_000,
        ":a" * 5_000,
        "http" * 2_500,
        "https://a.b/" + ")" * 9_900,
        "*`" * 5_000,
        "\n" * 10_000,
    ],
    ids=lambda text: text[:6].encode("unicode_escape").decode(),
)
async def test_no_text_makes_the_reader_slow(reader, text):
    took = await reader.page.evaluate(
        """async (text) => {
          const { mrkdwn } = await import('/page/mrkdwn.js');
          const { markdown } = await import('/page/blocks/markdown.js');
          const from = performance.now();
          mrkdwn(text);
          markdown({ text });
          return performance.now() - from;
        }""",
        text,
    )

    assert took < 500
