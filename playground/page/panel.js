// The control panel: what can be broken, and put right again.

import * as api from "./api.js";
import { h, link, onceAFrame, put, uid } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { inline } from "./mrkdwn.js";
import { toggle } from "./route.js";
import { on, state } from "./store.js";
import { tried } from "./toast.js";

const GROUPS = { wallet: "Wallet", supabase: "Supabase", logs: "Logs", slack: "Slack", mail: "Mail", elsewhere: "Elsewhere" };

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
  const label = fault.label || fault.name;
  const words = h("span", { class: "switch-words" },
    h("span", { class: "switch-label" }, label),
    fault.hint ? h("span", { class: "switch-hint", id: hintId }, inline(fault.hint)) : null);
  const props = {
    type: "button", "aria-label": label, "data-testid": `switch-${fault.name}`, "aria-describedby": fault.hint ? hintId : null,
  };
  const node = fault.momentary
    ? h("button", { ...props, class: "button" }, icon("bolt"), "Do it")
    : h("button", { ...props, class: "switch", role: "switch", "aria-checked": String(Boolean(fault.on)) },
      h("span", { class: "switch-track", "aria-hidden": "true" }, h("span", { class: "switch-knob" })),
      h("span", { class: "switch-state", "aria-hidden": "true" }, fault.on ? "On" : "Off"));
  node.addEventListener("click", () => set(node));
  // As a label would; what is done at once takes its own button. The focus stays in the panel, which Escape closes.
  if (!fault.momentary) words.addEventListener("click", () => { node.focus(); node.click(); });
  return h("div", { class: `switch-row${fault.on ? " on" : ""}` }, words, node);
}

function repair(active) {
  const all = () => active.forEach((fault) => tried(() => api.setFault(fault.name, false)));
  return h("button", { class: "button", type: "button", "data-testid": "all-off", on: { click: all } }, "Put everything right");
}

function group(name) {
  const own = state.faults.filter((fault) => fault.group === name);
  if (!own.length) return null;
  return h("section", { class: "switch-group", "data-group": name }, h("h3", {}, GROUPS[name] || name), own.map(control));
}

function elsewhere() {
  if (!state.links.length) return null;
  const sign = (label) => icon(/mail/i.test(label) ? "mail" : /supabase|database/i.test(label) ? "database" : "link");
  const words = (label) => label.charAt(0).toUpperCase() + label.slice(1);
  return h("section", { class: "switch-group" }, h("h3", {}, "Other pages"),
    h("ul", { class: "links" }, state.links.map((each) => h("li", {}, link(each.url, sign(each.label), words(each.label))))));
}

function draw() {
  const held = document.activeElement?.dataset?.testid;
  const active = state.faults.filter((fault) => fault.on);
  const names = active.map((fault) => fault.label || fault.name).join(", ");
  const intro = active.length ? `${active.length} on: ${names}` : "Everything works. Break something and ask again.";
  const groups = [...new Set([...Object.keys(GROUPS), ...state.faults.map((fault) => fault.group)])];
  put(current, h("p", { class: "panel-intro" }, intro), active.length ? repair(active) : null, groups.map(group), elsewhere());
  if (held) current.querySelector(`[data-testid="${CSS.escape(held)}"]`)?.focus();
}

/** The drawer's node. */
export function panel() {
  current = h("div", { class: "pane-body" });
  draw();
  return h("section", { class: "pane-inner", "data-testid": "panel" },
    h("header", { class: "pane-head" },
      h("h2", { tabindex: "-1", "data-focus": true }, "Control panel"),
      iconButton("close", "Close the control panel", () => toggle("panel"), { testid: "panel-close" })),
    current);
}
