// Blocks by type. A block that fails or is unknown says so in its place and leaves its neighbours alone.

import { h } from "../dom.js";
import { cards } from "./cards.js";
import { files } from "./files.js";
import { inputs } from "./inputs.js";
import { markdown } from "./markdown.js";
import { plans } from "./plan.js";
import { richText } from "./richtext.js";
import { tables } from "./tables.js";
import { texts } from "./texts.js";
import { visualizations } from "./visualization.js";

const KINDS = { ...texts, ...inputs, ...cards, ...plans, ...files, ...tables, ...visualizations, rich_text: richText, markdown };

/** The types this page draws, for the tests. */
export const kinds = Object.keys(KINDS);

/**
 * Nodes for a list of blocks. `ctx`: {surface: message|modal|home, values, act(element, blockId, {value, selected}), errors}.
 */
export function renderBlocks(blocks, ctx) {
  const own = { ...ctx, blocks: (children) => renderBlocks(children, ctx) };
  return h("div", { class: "blocks" }, (Array.isArray(blocks) ? blocks : []).map((block) => renderBlock(block, own)));
}

function renderBlock(block, ctx) {
  const type = String(block?.type);
  let inner;
  try {
    inner = KINDS[type] ? KINDS[type](block, ctx) : h("p", { class: "unknown" },
      `A block of type “${type}” cannot be shown here.`);
  } catch (error) {
    inner = h("p", { class: "unknown" }, `This ${type} block cannot be shown (${error.message}).`);
  }
  return h("div", { class: `block block-${type}`, "data-block-id": block?.block_id, "data-block": type }, inner);
}
