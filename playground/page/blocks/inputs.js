// The input block: label, element, hint, and the place for what is wrong with it.

import { h, uid } from "../dom.js";
import { element } from "./elements.js";
import { bare, words } from "./words.js";
import { isEmpty } from "./values.js";

function input(block, ctx) {
  const inputId = uid("input");
  const hintId = `${inputId}-hint`;
  const errorId = `${inputId}-error`;
  const item = block.element || {};
  const own = { ...ctx, acts: block.dispatch_action === true, label: bare(block.label), inputId };
  const node = element(item, block.block_id, own);
  const control = node.id === inputId ? node : node.querySelector?.(`#${inputId}`) || node;
  control.setAttribute("aria-describedby", [block.hint && hintId, errorId].filter(Boolean).join(" "));
  if (!block.optional && control.matches("input, textarea")) control.setAttribute("aria-required", "true");
  return h("div", { class: "input", "data-input": block.block_id },
    h(control.id === inputId ? "label" : "span", { class: "input-label", for: control.id === inputId ? inputId : null },
      words(block.label), block.optional && h("span", { class: "optional" }, " (optional)")),
    node,
    block.hint && h("p", { class: "hint", id: hintId, dir: "auto" }, words(block.hint)),
    h("p", { class: "input-error", id: errorId, "data-error": block.block_id, hidden: true }));
}

/** Shows {block_id: sentence} under the inputs and puts the focus on the first; gives those that found no place. */
export function showErrors(root, errors) {
  const lost = { ...errors };
  let first = null;
  for (const place of root.querySelectorAll("[data-error]")) {
    const text = errors[place.dataset.error];
    const holder = place.closest(".input");
    place.hidden = !text;
    place.textContent = text || "";
    holder.classList.toggle("wrong", Boolean(text));
    const control = holder.querySelector("input, textarea, button");
    if (text) control?.setAttribute("aria-invalid", "true");
    else control?.removeAttribute("aria-invalid");
    if (text && !first) first = control;
    delete lost[place.dataset.error];
  }
  first?.focus();
  return lost;
}

const SHAPES = {
  email_text_input: [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "Enter an e-mail address, such as ana@example.com."],
  url_text_input: [/^https?:\/\/\S+$/i, "Enter a web address that begins with https://."],
};

/** What Slack's own client refuses before it sends: {block_id: sentence}. */
export function objections(blocks, values) {
  const errors = {};
  for (const block of blocks || []) {
    if (block.type === "container") Object.assign(errors, objections(block.child_blocks, values));
    if (block.type !== "input" || !block.element) continue;
    const text = objection(block, values.get(block.block_id, block.element));
    if (text) errors[block.block_id] = text;
  }
  return errors;
}

function objection({ element: item, optional }, entry) {
  if (isEmpty(entry)) return optional ? null : "Please complete this required field.";
  const text = String(entry);
  if (SHAPES[item.type] && !SHAPES[item.type][0].test(text)) return SHAPES[item.type][1];
  if (item.min_length && text.length < item.min_length) return `At least ${item.min_length} characters, please.`;
  if (item.type === "number_input") return numberObjection(item, text);
  return null;
}

function numberObjection(item, text) {
  const shape = item.is_decimal_allowed ? /^-?\d+([.,]\d+)?$/ : /^-?\d+$/;
  if (!shape.test(text.trim())) return item.is_decimal_allowed ? "Enter a number." : "Enter a whole number.";
  const number = Number(text.replace(",", "."));
  if (item.min_value !== undefined && number < Number(item.min_value)) return `The smallest possible is ${item.min_value}.`;
  if (item.max_value !== undefined && number > Number(item.max_value)) return `The largest possible is ${item.max_value}.`;
  return null;
}

export const inputs = { input };
