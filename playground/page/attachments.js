// Attachments: blocks or old-style fields beside a bar of colour.

import { renderBlocks } from "./blocks/index.js";
import { picture } from "./blocks/words.js";
import { h, link } from "./dom.js";
import { inline, mrkdwn, timeNode } from "./mrkdwn.js";

const NAMED = { good: "#2eb886", warning: "#daa038", danger: "#a30200" };

function colour(value) {
  if (NAMED[value]) return NAMED[value];
  return /^#?[0-9a-f]{6}$/i.test(value || "") ? `#${value.replace("#", "")}` : null;
}

function old(item) {
  return [
    item.pretext && h("p", { class: "text", dir: "auto" }, inline(item.pretext)),
    item.author_name && h("p", { class: "attachment-author", dir: "auto" }, item.author_name),
    item.title && h("p", { class: "attachment-title", dir: "auto" }, item.title_link ? link(item.title_link, item.title)
      : item.title),
    item.text && h("div", { class: "text", dir: "auto" }, mrkdwn(item.text)),
    item.fields?.length && h("div", { class: "fields" },
      item.fields.map((field) => h("div", { class: "field text" }, h("strong", {}, field.title), h("br"),
        mrkdwn(field.value)))),
    item.image_url && picture(item.image_url, item.fallback),
    (item.footer || item.ts) && h("p", { class: "attachment-foot" }, item.footer, item.footer && item.ts ? " · " : null,
      item.ts && timeNode(item.ts, "{date_short_pretty} {time}", "")),
  ];
}

/** Nodes for a message's attachments, or null. */
export function attachments(list, ctx) {
  if (!list?.length) return null;
  return list.map((item) => {
    const bar = colour(item.color);
    const node = h("div", { class: "attachment", "data-color": item.color || null },
      item.blocks?.length ? renderBlocks(item.blocks, ctx) : old(item));
    if (bar) node.style.setProperty("--bar", bar);
    return node;
  });
}
