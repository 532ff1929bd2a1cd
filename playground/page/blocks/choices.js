// Checkboxes and radio buttons.

import { h, uid } from "../dom.js";
import { press } from "./press.js";
import { words } from "./words.js";

function group(item, blockId, ctx, marks, kind) {
  const many = kind === "checkbox";
  const first = many
    ? (item.initial_options || []).map((option) => option.value)
    : item.initial_option?.value ?? null;
  let chosen = ctx.values.start(blockId, item, first);
  const name = uid("choice");
  const node = h("div", { class: "choices", role: many ? "group" : "radiogroup", "aria-label": ctx.label || null, ...marks });
  for (const option of item.options || []) {
    const input = h("input", { type: kind, name, value: option.value, "data-value": option.value });
    input.checked = many ? chosen.includes(option.value) : chosen === option.value;
    input.addEventListener("change", async () => {
      chosen = many ? [...node.querySelectorAll("input:checked")].map((each) => each.value) : input.value;
      ctx.values.set(blockId, item, chosen);
      if (ctx.acts !== false) await press(node, item, blockId, ctx, { selected: chosen });
    });
    node.append(h("label", { class: "choice" }, input,
      h("span", {}, h("span", { class: "choice-text" }, words(option.text, { oneLine: true })),
        option.description && h("span", { class: "choice-note" }, words(option.description, { oneLine: true })))));
  }
  return node;
}

export const choices = {
  checkboxes: (item, blockId, ctx, marks) => group(item, blockId, ctx, marks, "checkbox"),
  radio_buttons: (item, blockId, ctx, marks) => group(item, blockId, ctx, marks, "radio"),
};
