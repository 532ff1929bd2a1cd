"""WCAG AA: the palette's pairs by computation, and every visible text of the gallery as the browser draws it."""

import re
from itertools import product
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.desk import message
from tests.browser.gallery import GALLERY, MARKS
from tests.browser.gallery_cards import ATTACHMENTS
from tests.browser.gallery_views import HOME

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
    poor = {}
    for inks, papers, least in PAIRS:
        for ink, paper in product(inks.split(), papers.split()):
            found = ratio(colours[ink], colours[paper])
            if found < least:
                poor[f"{ink} on {paper}"] = round(found, 2)

    assert poor == {}


POOR = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


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
