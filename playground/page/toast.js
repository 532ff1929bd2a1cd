// Short notices: what was refused, for the eye and for the screen reader.

import { h } from "./dom.js";

const SHOWN = 8000; // ms

const region = h("div", { id: "toasts", popover: "manual", role: "status", "aria-live": "assertive", "data-testid": "toasts" });

/** Shows a sentence for eight seconds, or until it is pressed away. */
export function toast(text) {
  const dialogs = document.querySelectorAll("dialog[open]");
  const home = dialogs[dialogs.length - 1] || document.body;
  // All outside an open dialog is inert and beneath it, so the notice goes where the person is.
  if (region.parentNode !== home) home.append(region);
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
  const node = h("button", { class: "toast", type: "button", title: "Dismiss", on: { click: () => gone(node) } }, text);
  region.append(node);
  setTimeout(() => gone(node), SHOWN);
}

function gone(node) {
  node.remove();
  if (!region.children.length && region.isConnected && region.matches(":popover-open")) region.hidePopover();
}

/** Runs `work`; a refusal becomes a notice. Gives what `work` gave, or null. */
export async function tried(work) {
  try {
    return await work();
  } catch (error) {
    toast(error.message || String(error));
    return null;
  }
}

let pending = [];
let timer = null;
/** Tells a screen reader, politely; what comes within half a second is told together. */
export function announce(text) {
  pending.push(text.length > 300 ? `${text.slice(0, 300)}…` : text);
  clearTimeout(timer);
  timer = setTimeout(() => {
    document.getElementById("announcer").textContent = pending.slice(-5).join(". ");
    pending = [];
  }, 500);
}
