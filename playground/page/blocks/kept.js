// Something to unfold, which stays as the reader left it when the message is edited beneath it.

import { h } from "../dom.js";

const opened = new Map(); // what the reader did, by message or view and name

/** `<details>` with `label`; `start` tells whether it is open at first. */
export function kept(ctx, name, label, content, { start = false, className = "unfold" } = {}) {
  const key = `${ctx.id} ${name}`;
  const node = h("details", { class: className }, h("summary", {}, label), content);
  node.open = opened.get(key) ?? start;
  // Only a press counts: a details element also fires `toggle` for the state it was made with.
  node.querySelector("summary").addEventListener("click", () => opened.set(key, !node.open));
  return node;
}
