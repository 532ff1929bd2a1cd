// The toolbar of a message: react, reply in thread, message shortcuts.

import * as api from "./api.js";
import { h } from "./dom.js";
import { EMOJI, FREQUENT } from "./emoji.js";
import { icon } from "./icons.js";
import { openMenu, openPopup } from "./popup.js";
import { open } from "./route.js";
import { state } from "./store.js";
import { toast, tried } from "./toast.js";

/** The toolbar's node; hidden by the style sheet until the row is pointed at or holds the focus. */
export function toolbar(message, channel, inThread) {
  const tool = (name, label, testid, run) => {
    const node = h("button", { class: "tool", type: "button", "aria-label": label, title: label, "data-testid": testid },
      icon(name));
    node.addEventListener("click", () => run(node));
    return node;
  };
  return h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message" },
    tool("smile", "Add a reaction", "react", (node) => pickEmoji(node, message, channel)),
    inThread ? null : tool("reply", "Reply in thread", "reply", () => open(channel, { thread: message.thread_ts || message.ts })),
    tool("more", "More actions", "more", (node) => more(node, message, channel)));
}

function pickEmoji(anchor, message, channel) {
  const mine = (name) => Boolean(message.reactions?.find((each) => each.name === name)?.users?.includes(state.me));
  const search = h("input", { class: "option-search", type: "text", placeholder: "Find an emoji",
      "aria-label": "Find an emoji", autocomplete: "off" });
  const grid = h("div", { class: "emoji-grid" });
  const popup = openPopup(anchor, h("div", { class: "emoji-popup", "data-testid": "emoji-popup" }, search, grid),
    { focus: search });
  const take = (name) => {
    popup.close();
    tried(() => api.react(state.me, channel, message.ts, name, !mine(name)));
  };
  const draw = () => {
    const words = search.value.trim().toLowerCase().replace(/:/g, "").replace(/\s+/g, "_");
    const names = words ? [...EMOJI.keys()].filter((name) => name.includes(words)).slice(0, 48) : FREQUENT;
    grid.replaceChildren(...names.map((name) => h("button", { class: "emoji-choice", type: "button", title: `:${name}:`,
        "aria-label": name.replace(/_/g, " "), "data-emoji": name, "aria-pressed": String(mine(name)),
      on: { click: () => take(name) } }, EMOJI.get(name))));
    if (!names.length) grid.append(h("p", { class: "option-none" }, "Nothing matches"));
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") grid.querySelector("button")?.click();
    else if (event.key === "ArrowDown") grid.querySelector("button")?.focus();
    else return;
    event.preventDefault();
  });
  draw();
}

function more(anchor, message, channel) {
  const own = state.shortcuts.filter((each) => each.type === "message").map((each) => ({
    label: each.name, note: each.description || null, testid: `shortcut-${each.callback_id}`,
    run: () => tried(() => api.shortcut({ user: state.me, callback_id: each.callback_id, channel, ts: message.ts })),
  }));
  openMenu(anchor, [...own,
    { label: "Copy text", run: () => copy(message.text || "") },
    { label: "Copy timestamp", note: message.ts, run: () => copy(message.ts) },
  ], { label: "More actions" });
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("The browser does not let this page copy.");
  }
}
