// card, carousel, container.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { element } from "./elements.js";
import { kept } from "./kept.js";
import { richText } from "./richtext.js";
import { bare, picture, words } from "./words.js";

function card(block, ctx) {
  return h("article", { class: "card", "aria-label": bare(block.title) || null },
    block.hero_image && picture(block.hero_image.image_url, block.hero_image.alt_text, "hero"),
    h("div", { class: "card-head" },
      block.icon && picture(block.icon.image_url, block.icon.alt_text, "card-icon"),
      h("div", {},
        block.title && h("h4", { class: "card-title", dir: "auto" }, words(block.title, { oneLine: true })),
        block.subtitle && h("p", { class: "card-subtitle", dir: "auto" }, words(block.subtitle, { oneLine: true })))),
    block.body && h("div", { class: "text card-body", dir: "auto" }, words(block.body)),
    block.subtext && h("p", { class: "card-subtext", dir: "auto" }, words(block.subtext, { oneLine: true })),
    block.actions?.length && h("div", { class: "actions" }, block.actions.map((item) => element(item, block.block_id, ctx))));
}

function carousel(block, ctx) {
  const cards = (block.elements || []).map((each) => card(each, ctx));
  const track = h("div", { class: "carousel-track", tabindex: "0", role: "group",
      "aria-label": `${cards.length} cards, scroll sideways` }, cards);
  const move = (step) => track.scrollBy({ left: step * Math.max(200, track.clientWidth * 0.8) });
  return h("div", { class: "carousel", role: "group", "aria-roledescription": "carousel" }, track,
    cards.length > 1 && h("div", { class: "carousel-foot" },
      h("button", { class: "button icon-only quiet", type: "button", "aria-label": "Cards before",
          on: { click: () => move(-1) } }, icon("back")),
      h("button", { class: "button icon-only quiet", type: "button", "aria-label": "Cards after",
          on: { click: () => move(1) } }, icon("right"))));
}

const WIDTHS = ["narrow", "standard", "wide", "full"];

function container(block, ctx) {
  const width = WIDTHS.includes(block.width) ? block.width : "standard";
  const head = h("span", { class: "container-head" },
    block.icon && picture(block.icon.image_url, block.icon.alt_text, "card-icon"),
    h("span", { class: "container-words" },
      h("span", { class: "container-title", dir: "auto" }, block.rich_text_title ? richText(block.rich_text_title)
        : words(block.title)),
      block.subtitle && h("span", { class: "container-subtitle", dir: "auto" }, words(block.subtitle, { oneLine: true }))));
  const inner = h("div", { class: "container-body" }, ctx.blocks(block.child_blocks));
  const name = `container width-${width}${block.has_header_divider ? " divided" : ""}`;
  if (!block.is_collapsible) return h("section", { class: name }, head, inner);
  return kept(ctx, `container ${bare(block.title)}`, head, inner,
    { start: !block.default_collapsed, className: `${name} collapsible` });
}

export const cards = { card, carousel, container };
