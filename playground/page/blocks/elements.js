// What can be pressed: buttons of every kind, overflow; and the way to the other elements.

import { h, safeUrl } from "../dom.js";
import { icon } from "../icons.js";
import { openMenu } from "../popup.js";
import { state } from "../store.js";
import { choices } from "./choices.js";
import { pickers } from "./pickers.js";
import { press } from "./press.js";
import { selects } from "./selects.js";
import { typed } from "./typed.js";
import { bare, picture, words } from "./words.js";

const marks = (item, blockId) => ({ "data-action-id": item.action_id, "data-block-id": blockId, "data-element": item.type });

function button(item, blockId, ctx) {
  const style = { primary: " primary", danger: " danger" }[item.style] || "";
  const props = { class: `button${style}`, "aria-label": item.accessibility_label || null, ...marks(item, blockId) };
  const url = item.url && safeUrl(item.url);
  const node = url
    ? h("a", { ...props, href: url, target: "_blank", rel: "noopener noreferrer" }, words(item.text), icon("link"))
    : h("button", { ...props, type: "button" }, words(item.text));
  node.addEventListener("click", () => press(node, item, blockId, ctx, { value: item.value }));
  return node;
}

function overflow(item, blockId, ctx) {
  const node = h("button", { class: "button icon-only", type: "button", "aria-label": item.accessibility_label
      || "More actions", "aria-haspopup": "menu", ...marks(item, blockId) }, icon("more"));
  node.addEventListener("click", () =>
    openMenu(node, (item.options || []).map((option) => ({
      label: words(option.text),
      value: option.value,
      run: () => {
        const url = option.url && safeUrl(option.url);
        if (url) window.open(url, "_blank", "noopener,noreferrer");
        return press(node, item, blockId, ctx, { selected: option.value });
      },
    }))));
  return node;
}

function iconButton(item, blockId, ctx) {
  if (Array.isArray(item.visible_to_user_ids) && !item.visible_to_user_ids.includes(state.me)) return null;
  const label = item.accessibility_label || bare(item.text);
  const node = h("button", { class: "button icon-only quiet", type: "button", "aria-label": label,
      title: bare(item.text), ...marks(item, blockId) },
    icon(item.icon === "trash" ? "trash" : "more"));
  node.addEventListener("click", () => press(node, item, blockId, ctx, { value: item.value }));
  return node;
}

function feedback(item, blockId, ctx) {
  const one = (side, face) => {
    const spec = item[side] || {};
    const node = h("button", { class: "button icon-only quiet", type: "button", "aria-pressed": "false",
        "aria-label": spec.accessibility_label || bare(spec.text), title: bare(spec.text), ...marks(item, blockId) },
      face);
    node.addEventListener("click", async () => {
      await press(node, item, blockId, ctx, { value: spec.value });
      for (const other of group.children) other.setAttribute("aria-pressed", String(other === node));
    });
    return node;
  };
  const group = h("span", { class: "feedback", role: "group", "aria-label": "Was this useful?" },
    one("positive_button", "👍"), one("negative_button", "👎"));
  return group;
}

const KINDS = {
  button, overflow, icon_button: iconButton, feedback_buttons: feedback, workflow_button: button,
  image: (item) => picture(item.image_url || item.slack_file?.url, item.alt_text, "accessory-image"),
  ...choices, ...pickers, ...selects, ...typed,
};

/** One element as a node; `ctx` as for blocks. */
export function element(item, blockId, ctx) {
  const kind = KINDS[item?.type];
  return kind ? kind(item, blockId, ctx, marks(item, blockId)) : h("span", { class: "unknown" },
    `An element of type “${item?.type}” cannot be shown here.`);
}
