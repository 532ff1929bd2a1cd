// rich_text: sections, lists, quotes, preformatted, and everything that stands in them.

import { h, link } from "../dom.js";
import { broadcast, channelLink, emojiNode, mention, timeNode, usergroup } from "../mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark",
  client_highlight: "mark" };

function styled(node, style) {
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (style?.[name] ? h(tag, { class: name }, inner) : inner), node);
}

function lines(text) {
  return String(text ?? "").split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line]));
}

function colour(item) {
  const value = /^#[0-9a-f]{3,8}$/i.test(item.value || "") ? item.value : null;
  return h("span", { class: "colour" },
    value && h("span", { class: "colour-chip", "aria-hidden": "true", style: { "background-color": value } }),
    String(item.value));
}

const PARTS = {
  text: (item) => h("span", {}, lines(item.text)),
  link: (item) => link(item.url, item.text || item.url),
  user: (item) => mention(item.user_id),
  usergroup: (item) => usergroup(item.usergroup_id),
  channel: (item) => channelLink(item.channel_id),
  broadcast: (item) => broadcast(item.range),
  emoji: (item) => emojiNode(item.name) || fromUnicode(item),
  date: (item) => timeNode(item.timestamp, item.format || "{date_short_pretty} {time}", item.fallback, { url: item.url }),
  color: colour,
  team: (item) => h("span", { class: "mention" }, item.team_id),
};

function fromUnicode(item) {
  const points = String(item.unicode || "").split("-").map((part) => parseInt(part, 16));
  const valid = points.length && points.every((point) => point > 0 && point <= 0x10ffff);
  return h("span", valid ? { class: "emoji", role: "img", "aria-label": `${item.name} emoji` } : {},
    valid ? String.fromCodePoint(...points) : `:${item.name}:`);
}

/** The inline parts of a section, quote or preformatted. */
export function parts(elements, { bareText = false } = {}) {
  return (elements || []).map((item) => {
    if (bareText) return item.type === "text" ? String(item.text ?? "") : item.type === "link" ? item.text || item.url
      : PARTS[item.type]?.(item) || "";
    const node = PARTS[item.type] ? PARTS[item.type](item) : h("span", {}, String(item.text || `[${item.type}]`));
    return styled(node, item.style);
  });
}

const MARKERS = ["disc", "circle", "square"];
const NUMBERS = ["decimal", "lower-alpha", "lower-roman"];

function list(item) {
  const ordered = item.style === "ordered";
  const depth = Math.min(8, Number(item.indent) || 0);
  const kind = (ordered ? NUMBERS : MARKERS)[depth % 3];
  return h(ordered ? "ol" : "ul", { class: `rt-list indent-${depth}${item.border ? " bordered" : ""}`,
      start: ordered && item.offset ? item.offset + 1 : null, style: { "list-style-type": kind } },
    (item.elements || []).map((each) => h("li", { dir: "auto" }, each.type === "rich_text_section" ? parts(each.elements)
        : SECTIONS[each.type]?.(each))));
}

const SECTIONS = {
  rich_text_section: (item) => h("div", { class: "rt-section", dir: "auto" }, parts(item.elements)),
  rich_text_list: list,
  rich_text_quote: (item) => h("blockquote", { dir: "auto" }, parts(item.elements)),
  rich_text_preformatted: (item) =>
    h("div", { class: "pre-holder" }, item.language && h("span", { class: "pre-language" }, String(item.language)),
      h("pre", { class: "code-block", tabindex: "0", role: "region",
          "aria-label": item.language ? `${item.language} code` : "Preformatted text" },
        parts(item.elements, { bareText: true }))),
};

/** Nodes for a rich_text block. */
export function richText(block) {
  return h("div", { class: "rich-text text" }, (block.elements || []).map((item) =>
    SECTIONS[item.type] ? SECTIONS[item.type](item) : h("p", { class: "unknown" }, `“${item.type}” cannot be shown here.`)));
}
