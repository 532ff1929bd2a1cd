// Elements one types in: plain text, e-mail, URL, number, and a plain box for rich text.

import { h } from "../dom.js";
import { press } from "./press.js";
import { bare } from "./words.js";

function box(item, blockId, ctx, marks, { tag = "input", type = null, rows = null, mode = null }) {
  const kept = ctx.values.start(blockId, item, item.initial_value ?? "");
  const node = h(tag, {
    class: "field-input", type, rows, inputmode: mode, id: ctx.inputId, placeholder: bare(item.placeholder) || null,
    maxlength: item.max_length || (item.type === "plain_text_input" ? 3000 : null), "aria-label": ctx.label ? null
      : bare(item.placeholder) || "Text",
    autocomplete: "off", autofocus: item.focus_on_load, dir: "auto", ...marks,
  });
  node.value = kept ?? "";
  const wanted = item.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const act = () => ctx.acts !== false && press(node, item, blockId, ctx, { value: node.value });
  let timer = null;
  node.addEventListener("input", () => {
    ctx.values.set(blockId, item, node.value);
    if (wanted.includes("on_character_entered")) {
      clearTimeout(timer);
      timer = setTimeout(act, 250); // as Slack: not a call for every letter of a fast typist
    }
  });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && tag === "input" && ctx.acts !== false && wanted.includes("on_enter_pressed")) {
      event.preventDefault();
      act();
    }
  });
  return node;
}

const typedBox = (options) => (item, blockId, ctx, marks) => box(item, blockId, ctx, marks, options);

export const typed = {
  plain_text_input: (item, blockId, ctx, marks) =>
    box(item, blockId, ctx, marks, item.multiline ? { tag: "textarea", rows: 4 } : { type: "text" }),
  email_text_input: typedBox({ type: "email" }),
  url_text_input: typedBox({ type: "url" }),
  number_input: typedBox({ type: "text", mode: "decimal" }),
  rich_text_input: typedBox({ tag: "textarea", rows: 4 }),
};
