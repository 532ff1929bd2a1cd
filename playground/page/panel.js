// The control panel: what can be broken, and put right again.

import * as api from "./api.js";
import { h, link, onceAFrame, put, uid } from "./dom.js";
import { icon } from "./icons.js";
import { inline } from "./mrkdwn.js";
import { toggle } from "./route.js";
import { on, state } from "./store.js";
import { tried } from "./toast.js";

const GROUPS = { wallet: "Wallet", supabase: "Supabase", slack: "Slack" };

let current = null;
const later = onceAFrame(() => current?.isConnected && draw());
on("faults", later);
on("state", later);

function control(fault) {
  const hintId = uid("hint");
  const set = async (node) => {
    node.setAttribute("aria-busy", "true");
    const answer = await tried(() => api.setFault(fault.name, !fault.on));
    node.removeAttribute("aria-busy");
    if (answer && !fault.momentary && Array.isArray(answer.faults)) {
      state.faults = answer.faults;
      draw();
    }
  };
  const props = { type: "button", "data-testid": `switch-${fault.name}`, "aria-describedby": fault.hint ? hintId : null };
  const words = h("span", { class: "switch-words" }, h("span", { class: "switch-label" }, fault.label || fault.name), fault.hint ? h("span", { class: "switch-hint", id: hintId }, inline(fault.hint)) : null);
  if (fault.momentary) {
    const node = h("button", { ...props, class: "button", "aria-label": fault.label || fault.name }, icon("bolt"), "Do it");
    node.addEventListener("click", () => set(node));
    return h("div", { class: "switch-row" }, words, node);
  }
  const node = h("button", { ...props, class: "switch", role: "switch", "aria-checked": String(Boolean(fault.on)), "aria-label": fault.label || fault.name },
    h("span", { class: "switch-track", "aria-hidden": "true" }, h("span", { class: "switch-knob" })), h("span", { class: "switch-state", "aria-hidden": "true" }, fault.on ? "On" : "Off"));
  node.addEventListener("click", () => set(node));
  return h("div", { class: `switch-row${fault.on ? " on" : ""}` }, words, node);
}

function draw() {
  const held = document.activeElement?.dataset?.testid;
  const names = [...new Set([...Object.keys(GROUPS), ...state.faults.map((fault) => fault.group)])];
  const active = state.faults.filter((fault) => fault.on);
  put(current,
    h("p", { class: "panel-intro" }, active.length ? `${active.length} on: ${active.map((fault) => fault.label || fault.name).join(", ")}` : "Everything works. Break something and ask again."),
    active.length ? h("button", { class: "button", type: "button", "data-testid": "all-off", on: { click: () => active.forEach((fault) => tried(() => api.setFault(fault.name, false))) } }, "Put everything right") : null,
    names.map((group) => {
      const own = state.faults.filter((fault) => fault.group === group);
      return own.length ? h("section", { class: "switch-group", "data-group": group }, h("h3", {}, GROUPS[group] || group), own.map(control)) : null;
    }),
    state.links.length ? h("section", { class: "switch-group" }, h("h3", {}, "Other pages"), h("ul", { class: "links" }, state.links.map((each) => h("li", {}, link(each.url, words(each)))))) : null);
  if (held) current.querySelector(`[data-testid="${CSS.escape(held)}"]`)?.focus();
}

const words = (each) => [icon(/mail/i.test(each.label) ? "mail" : /supabase|database/i.test(each.label) ? "database" : "link"), each.label.charAt(0).toUpperCase() + each.label.slice(1)];

/** The drawer's node. */
export function panel() {
  current = h("div", { class: "pane-body" });
  draw();
  return h("section", { class: "pane-inner", "data-testid": "panel" },
    h("header", { class: "pane-head" }, h("h2", { tabindex: "-1", "data-focus": true }, "Control panel"),
      h("button", { class: "icon-button", type: "button", "aria-label": "Close the control panel", "data-testid": "panel-close", on: { click: () => toggle("panel") } }, icon("close"))),
    current);
}
