"""WCAG AA: the palette's pairs by computation, and every visible text of the gallery as the browser draws it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.desk import message
from tests.browser.gallery import ATTACHMENTS, GALLERY, HOME, MARKS

PALETTE = Path(__file__).resolve().parents[2] / "playground" / "page" / "css" / "palette.css"
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2: 1.4.3 for text, 1.4.11 for edges and drawings
PAIRS = [
    ("ink", "paper raised sunk hover ground accent-soft", TEXT),
    ("soft", "paper raised sunk hover accent-soft", TEXT),
    ("link", "paper raised sunk hover", TEXT),
    ("code", "sunk", TEXT),
    ("accent", "paper raised", TEXT),
    ("accent-ink", "accent", TEXT),
    ("accent-deep", "accent-soft", TEXT),
    ("danger", "paper raised hover danger-soft", TEXT),
    ("danger-ink", "danger", TEXT),
    ("warn", "warn-soft", TEXT),
    ("good", "good-soft", TEXT),
    ("note", "note-soft", TEXT),
    ("mine", "mine-soft", TEXT),
    ("side-ink", "side side-hover", TEXT),
    ("side-soft", "side side-hover", TEXT),
    ("side-current-ink", "side-current", TEXT),
    ("badge", "side", TEXT),
    ("badge-ink", "badge", TEXT),
    ("edge", "paper raised sunk", SHAPE),
    ("s0 s1 s2 s3 s4 s5", "raised paper", SHAPE),
]


def palette() -> dict[str, dict[str, str]]:
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", PALETTE.read_text(encoding="utf-8"))
    return {"light": {name: light for name, light, _ in found}, "dark": {name: dark for name, _, dark in found}}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_is_wcags():
    assert ratio("#ffffff", "#000000") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_the_palette_is_readable(scheme):
    colours = palette()[scheme]
    pairs = [(ink, paper, least) for inks, papers, least in PAIRS for ink in inks.split() for paper in papers.split()]
    poor = {
        f"{ink} on {paper}": round(ratio(colours[ink], colours[paper]), 2)
        for ink, paper, least in pairs
        if ratio(colours[ink], colours[paper]) < least
    }

    assert poor == {}


# Walks all visible text; composes the backgrounds beneath it; gives what is below 4.5 (3.0 for large text).
POOR = r"""() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
  const over = (top, under) => top.slice(0, 3).map((part, at) => part * top[3] + under[at] * (1 - top[3]));
  const light = (colour) => { const [r, g, b] = colour.map((each) => { const part = each / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => x - y); return (b + 0.05) / (a + 0.05); };
  const behind = (node) => {
    const layers = [];
    for (let each = node; each; each = each.parentElement) layers.unshift(rgba(getComputedStyle(each).backgroundColor));
    return layers.reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const poor = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    if (!words || node.closest('.unseen, .emoji, [hidden], .skip, noscript, :disabled, title, desc, dialog:not([open])') || !node.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(node);
    const paper = behind(node);
    const ink = over(rgba(node.closest('svg') ? style.fill : style.color), paper);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    seen += 1;
    const found = ratio(ink, paper);
    if (found < (large ? 3 : 4.5) - 0.005) poor.push(`${found.toFixed(2)} ${node.className.baseVal ?? node.className}: ${words.slice(0, 40)}`);
  }
  return { seen, poor: [...new Set(poor)] };
}"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_is_readable_as_drawn(desk, scheme):
    await desk.workspace.say("ben", "#ops", "Hello @ana and @zoe, see https://example.com `code`")
    await desk.post(MARKS)
    for blocks in GALLERY.values():
        await desk.post("fallback", blocks=blocks)
    ts = await desk.post("P0", attachments=ATTACHMENTS)
    await desk.workspace.say("ben", "#ops", "On it", thread_ts=ts)
    await desk.workspace.react("ana", "#ops", ts, "eyes")
    await desk.client.chat_postEphemeral(channel="C0OPS", user="U0ANA", text="private")
    await desk.client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": HOME})
    page = await desk.open(scheme=scheme)
    await desk.post("unread", channel="C0GEN")
    await expect(page.get_by_test_id("channel-general")).to_have_attribute("data-unread", "1")

    async def poor(least: int) -> list[str]:
        found = await page.evaluate(POOR)
        assert found["seen"] > least
        return list(found["poor"])

    assert await poor(150) == []
    await message(page, ts).get_by_test_id("thread-line").click()
    await expect(page.get_by_test_id("thread")).to_contain_text("On it")
    assert await poor(150) == []
    await page.get_by_test_id("panel-open").click()
    await page.get_by_test_id("switch-slack_latency").click()
    await expect(page.get_by_test_id("panel-open")).to_contain_text("1 on")
    assert await poor(150) == []
    await page.get_by_test_id("all-off").click()
    await page.get_by_test_id("inspector-open").click()
    await page.get_by_test_id("frame").first.click()
    assert await poor(150) == []
    await page.get_by_test_id("composer").fill("/aikeys ")
    assert await poor(150) == []
    await page.get_by_test_id("composer-shortcuts").click()
    await page.get_by_test_id("shortcut-declare_incident").click()
    await expect(page.get_by_test_id("modal")).to_be_visible()
    await page.get_by_test_id("modal-submit").click()
    assert await poor(150) == []
