// The sidebar: the workspace, its channels, the app, and who one acts as.

import { h, onceAFrame, put, roving } from "./dom.js";
import { avatar, icon, iconButton } from "./icons.js";
import { openMenu } from "./popup.js";
import { actAs, open } from "./route.js";
import { bot, me, myChannels, on, state } from "./store.js";
import { unreadOf } from "./unread.js";

const kindIcon = (channel) => (channel.is_private ? "lock" : channel.is_shared ? "globe" : "hash");

function entry(channel) {
  const count = unreadOf(channel.id);
  const current = channel.id === state.channel;
  const kind = channel.is_private ? "private channel" : channel.is_shared ? "shared channel" : null;
  return h("li", {}, h("button", {
    class: `channel${count ? " unread" : ""}${current ? " current" : ""}`,
    type: "button", tabindex: current ? "0" : "-1", "aria-current": current ? "page" : null,
    "data-channel": channel.id, "data-unread": count || null,
    "data-testid": channel.is_im ? `dm-${bot()?.name}` : `channel-${channel.name}`,
    on: { click: () => open(channel.id) },
  },
  channel.is_im ? avatar(bot()?.id, { small: true }) : icon(kindIcon(channel), kind),
  h("span", { class: "channel-name" }, channel.is_im ? bot()?.real_name || bot()?.name || "App" : channel.name),
  count ? h("span", { class: "badge" }, String(count), h("span", { class: "unseen" }, " unread")) : null));
}

function choosePerson(anchor) {
  const people = [...state.users.values()].filter((user) => !user.is_bot);
  openMenu(anchor, people.map((user) => ({
    label: user.real_name || user.name, note: `${user.role} · ${user.tz}`, picture: avatar(user.id, { small: true }),
    checked: user.id === state.me, testid: `act-as-${user.name}`, run: () => actAs(user.id),
  })), { label: "Act as", above: true });
}

function person() {
  const user = me();
  const node = h("button", {
    class: "act-as", type: "button", "data-testid": "act-as", "data-user": user?.name, "aria-haspopup": "menu",
    "aria-label": `Acting as ${user?.real_name || "nobody"}, ${user?.role || ""}. Change person`,
  },
  user && avatar(user.id),
  h("span", { class: "act-as-words" },
    h("span", { class: "act-as-name" }, user?.real_name || "…"),
    h("span", { class: "act-as-role" }, user?.role || "")),
  icon("down"));
  node.addEventListener("click", () => choosePerson(node));
  return node;
}

function sockets() {
  const count = state.sockets;
  return h("p", { class: `sockets${count ? " up" : " down"}`, "data-testid": "sockets", "data-count": count },
    h("span", { class: "sockets-mark", "aria-hidden": "true" }, count ? "●" : "○"),
      count ? `App connected, ${count} socket${count === 1 ? "" : "s"}` : "App not connected");
}

/** Builds it and keeps it true. */
export function mountSidebar(root) {
  const title = h("div", { class: "workspace" });
  const channels = h("ul", { class: "channels" });
  const apps = h("ul", { class: "channels" });
  const foot = h("div", { class: "sidebar-foot" });
  root.append(title, h("div", { class: "sidebar-scroll" },
    h("h2", { class: "sidebar-title", id: "side-channels" }, "Channels"), channels,
    h("h2", { class: "sidebar-title" }, "Apps"), apps), foot);
  roving(root.querySelector(".sidebar-scroll"), ".channel");

  const draw = () => {
    const held = document.activeElement?.dataset?.channel;
    const mine = myChannels();
    put(title, h("span", { class: "workspace-mark", "aria-hidden": "true" }, icon("key")),
      h("span", { class: "workspace-words" }, h("strong", {}, state.workspace.name || "AIKeys"), h("span", {}, "playground")),
      iconButton("close", "Close the list of channels", () => document.getElementById("app").classList.remove("sidebar-open"), { narrow: true }));
    put(channels, mine.filter((channel) => !channel.is_im && !channel.is_archived).map(entry));
    put(apps, mine.filter((channel) => channel.is_im).map(entry));
    if (!root.querySelector(".channel[tabindex='0']")) root.querySelector(".channel")?.setAttribute("tabindex", "0");
    if (held) root.querySelector(`[data-channel="${CSS.escape(held)}"]`)?.focus();
    const total = mine.reduce((sum, channel) => sum + unreadOf(channel.id), 0);
    document.title = `${total ? `(${total}) ` : ""}${me()?.name ? `${me().name} · ` : ""}AIKeys playground`;
  };
  const drawFoot = () => {
    const held = foot.contains(document.activeElement);
    put(foot, sockets(), person());
    if (held) foot.querySelector("[data-testid=act-as]")?.focus();
  };
  const later = onceAFrame(draw);
  for (const topic of ["state", "unread", "route"]) on(topic, later);
  for (const topic of ["state", "connection", "route"]) on(topic, onceAFrame(drawFoot));
  draw();
  drawFoot();
  const app = document.getElementById("app");
  const shut = () => {
    app.classList.remove("sidebar-open");
    document.querySelector("[data-testid=menu]")?.focus();
  };
  document.addEventListener("keydown", (event) => event.key === "Escape" && app.classList.contains("sidebar-open") && shut());
  // The shade beside the sheet is the app's own ::after.
  app.addEventListener("click", (event) => event.target === app && app.classList.contains("sidebar-open") && shut());
}
