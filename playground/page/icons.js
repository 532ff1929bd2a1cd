// Our own line icons, 20 × 20, and avatars.

import { h, svg } from "./dom.js";
import { state } from "./store.js";

const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13M3 12.5h13",
  lock: "M5.5 9h9v7.5h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  globe: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM3 10h14M10 3c2.5 2 2.5 12 0 14M10 3c-2.5 2-2.5 12 0 14",
  send: "M3.5 10 16.5 4l-3.6 12-3.4-4.6zM9.5 11.4 16.5 4",
  smile: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM7 12c1.5 2 4.500 2 6 0M7.600 8h.01M12.400 8h.01",
  reply: "M4 5h12v8h-6l-3.500 3v-3H4z",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4 6 10l6 6",
  menu: "M3.500 6h13M3.500 10h13M3.500 14h13",
  panel: "M4 6h7M15 6h1M4 10h2M10 10h6M4 14h8M16 14h.01M13 4.500v3M8 8.500v3M14 12.500v3",
  frames: "M3.500 4.500h13v11h-13zM3.500 8h13M7 11h6M7 13.300h4",
  bolt: "M11 2.500 4.500 11H9l-.5 6.500L15.500 9H11z",
  down: "M5 8l5 5 5-5",
  right: "M8 5l5 5-5 5",
  file: "M5.500 3h6l3.500 3.500V17h-9.500zM11.500 3v4H15M8 10.500h4.500M8 13.500h4.500",
  download: "M10 3.500v9M6 9l4 4 4-4M4 16.500h12",
  trash: "M4.500 6h11M8 6V4h4v2M6 6l.7 10.500h6.600L14 6",
  eye: "M2.500 10c3-5.500 12-5.500 15 0-3 5.500-12 5.500-15 0zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  check: "M4.500 10.500 8.500 14.500 15.500 6",
  mail: "M3.500 5h13v10h-13zM3.500 5.500 10 11l6.500-5.500",
  database: "M4.500 5.500c0-3 11-3 11 0v9c0 3-11 3-11 0zM4.500 5.500c0 3 11 3 11 0M4.500 10c0 3 11 3 11 0",
  link: "M8.500 11.500a3 3 0 0 0 4.300 0l2.400-2.400a3 3 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0L4.800 10.900a3 3 0 0 0 4.300 4.300l1-1",
  pin: "M7 3.500h6l-1 4.500 2.500 3h-9L8 8zM10 11v6",
  key: "M12.500 3.500a4 4 0 1 1-2.900 6.700L4 15.800V17h2.500v-1.700h1.700v-1.700h1.700l1.500-1.500M13.500 6.500h.01",
};

/** An icon; decoration unless `label` says what it means. */
export function icon(name, label = null) {
  return svg("svg", { viewBox: "0 0 20 20", class: `icon icon-${name}`, "aria-hidden": label ? null : "true",
      role: label ? "img" : null, "aria-label": label },
    svg("path", { d: PATHS[name] || PATHS.more }));
}

/** A button that is an icon; `narrow`: shown on a telephone only. */
export function iconButton(name, label, run, { testid = null, narrow = false } = {}) {
  return h("button", {
    class: `icon-button${narrow ? " only-narrow" : ""}`, type: "button", "aria-label": label, "data-testid": testid, on: { click: run },
  }, icon(name));
}

const PALETTE = ["#0b6e65", "#7a3e9d", "#a2471b", "#1d5fa8", "#8a5a00", "#9c2f5b", "#3f6b1f", "#51548f"];
const channelOf = (value) => { const part = value / 255; return part <= 0.03928 ? part / 12.92
  : ((part + 0.055) / 1.055) ** 2.4; };

function readable(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => channelOf(parseInt(hex.slice(at, at + 2), 16)));
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (light + 0.05) >= 4.5 ? "#ffffff" : "#10191a";
}

/** A person's or app's picture: initials on their colour; decoration, for the name always stands beside it. */
export function avatar(id, { small = false, name = null, isBot = null } = {}) {
  const user = state.users.get(id);
  if (isBot ?? user?.is_bot) return h("span", { class: `avatar app-avatar${small ? " small" : ""}`,
      "aria-hidden": "true" }, icon("key"));
  const shown = name || user?.real_name || user?.name || id || "?";
  const given = /^#?[0-9a-f]{6}$/i.test(user?.color || "") ? `#${user.color.replace("#", "")}` : null;
  const colour = given || PALETTE[[...String(id)].reduce((sum, char) => sum + char.charCodeAt(0), 0) % PALETTE.length];
  const letters = [...shown.trim()].slice(0, 1).join("").toUpperCase();
  return h("span", { class: `avatar${small ? " small" : ""}`, "aria-hidden": "true",
      style: { "background-color": colour, color: readable(colour) } }, letters);
}
