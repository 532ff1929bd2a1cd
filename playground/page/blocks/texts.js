// section, header, context, divider, image, actions, context_actions, alert.

import { h, link } from "../dom.js";
import { icon } from "../icons.js";
import { element } from "./elements.js";
import { bare, picture, words } from "./words.js";

function section(block, ctx) {
  return h("div", { class: "section" },
    h("div", { class: "section-main" },
      block.text && h("div", { class: "text", dir: "auto" }, words(block.text)),
      block.fields?.length && h("div", { class: "fields" },
        block.fields.map((field) => h("div", { class: "field text", dir: "auto" }, words(field))))),
    block.accessory && h("div", { class: "accessory" }, element(block.accessory, block.block_id, ctx)));
}

const header = (block) => h("h3", { class: "header-block", dir: "auto" }, words(block.text));
const divider = () => h("hr");

function context(block) {
  return h("div", { class: "context" }, (block.elements || []).map((item) =>
    item.type === "image"
      ? picture(item.image_url || item.slack_file?.url, item.alt_text, "context-image")
      : h("span", { class: "text", dir: "auto" }, words(item))));
}

function image(block) {
  const url = block.image_url || block.slack_file?.url;
  return h("figure", { class: "image" },
    block.title && h("figcaption", {}, words(block.title)),
    picture(url, block.alt_text),
    url && link(url, "Open the picture"));
}

const actions = (block, ctx) =>
  h("div", { class: "actions", role: "group" }, (block.elements || []).map((item) => element(item, block.block_id, ctx)));

const SHAPES = { default: "frames", info: "bolt", warning: "bolt", error: "close", success: "check" };

function alert(block) {
  const level = SHAPES[block.level] ? block.level : "default";
  return h("div", { class: `alert alert-${level}`, role: level === "error" ? "alert" : "note" },
    icon(SHAPES[level], level === "default" ? "Note" : level), h("div", { class: "text", dir: "auto" }, words(block.text)));
}

const call = (block) => h("p", { class: "unknown" }, `Call ${bare(block.call_id)}`);

export const texts = { section, header, divider, context, image, actions, context_actions: actions, alert, call };
