// Popups in the browser's top layer: menus, option lists, pickers. Esc and a press elsewhere close them.

import { h } from "./dom.js";

const GAP = 4;

/** Shows `content` beside `anchor`. Gives {close(), node}. `focus` gets the focus; the anchor gets it back. */
export function openPopup(anchor, content, { onClose = () => {}, focus = null, above = false } = {}) {
  const node = h("div", { class: "popup", popover: "auto" }, content);
  // Inside an open dialog everything outside of it is inert, so the popup lives where its anchor lives.
  (anchor.closest("dialog") || document.body).append(node);
  node.showPopover();
  const place = () => position(node, anchor, above);
  place();
  const resized = new ResizeObserver(place);
  resized.observe(node);
  document.addEventListener("scroll", place, true);
  window.addEventListener("resize", place);
  anchor.setAttribute("aria-expanded", "true");
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    resized.disconnect();
    document.removeEventListener("scroll", place, true);
    window.removeEventListener("resize", place);
    anchor.setAttribute("aria-expanded", "false");
    const held = document.activeElement;
    const inside = node.contains(held) || held === document.body || held instanceof HTMLDialogElement;
    node.remove();
    if (inside && anchor.isConnected) anchor.focus();
    onClose();
  };
  node.addEventListener("toggle", (event) => event.newState === "closed" && close());
  (focus || node.querySelector("[data-first], button, input"))?.focus({ preventScroll: true });
  return { close, node };
}

function position(node, anchor, above) {
  const at = anchor.getBoundingClientRect();
  const size = node.getBoundingClientRect();
  const below = at.bottom + GAP + size.height <= window.innerHeight && !above;
  const top = below || at.top - GAP - size.height < 0 ? Math.min(at.bottom + GAP, window.innerHeight - size.height - GAP)
    : at.top - GAP - size.height;
  node.style.top = `${Math.max(GAP, top)}px`;
  node.style.left = `${Math.max(GAP, Math.min(at.left, window.innerWidth - size.width - 2 * GAP))}px`;
  node.style.minWidth = `${Math.min(at.width, 420)}px`;
}

/** A menu of {label, run, note?, checked?, testid?}; arrows move, Enter runs. */
export function openMenu(anchor, items, { label = "Menu", above = false } = {}) {
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label });
  const popup = openPopup(anchor, menu, { above, focus: menu });
  menu.append(...items.map((item) => h("button", {
    class: "menu-item", type: "button", tabindex: "-1", "data-testid": item.testid, "data-value": item.value,
    role: item.checked === undefined ? "menuitem" : "menuitemradio", "aria-checked": item.checked === undefined ? null
      : String(item.checked),
    on: { click: () => { popup.close(); item.run(); } },
  }, item.picture || null, h("span", { class: "menu-words" }, h("span", {}, item.label),
    item.note && h("span", { class: "menu-note" }, item.note)))));
  const buttons = [...menu.children];
  (buttons.find((each) => each.getAttribute("aria-checked") === "true") || buttons[0])?.focus({ preventScroll: true });
  menu.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) {
      if (event.key === "Tab") popup.close();
      return;
    }
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
  return popup;
}
