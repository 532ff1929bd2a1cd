// The middle: the channel's header, its messages or the app's home, the composer.

import { composer } from "./composer.js";
import { h, onceAFrame, put } from "./dom.js";
import { extras } from "./extras.js";
import { homeView } from "./home.js";
import { icon } from "./icons.js";
import { MessageList } from "./list.js";
import { inline } from "./mrkdwn.js";
import { toggle } from "./route.js";
import { bot, emit, on, roots, state } from "./store.js";

function faultsOn() {
  return state.faults.filter((fault) => fault.on).length;
}

function openers() {
  const count = faultsOn();
  return h("div", { class: "openers" },
    h("button", { class: "opener", type: "button", "data-testid": "panel-open", "aria-pressed": String(state.pane === "panel"), "aria-label": `Control panel${count ? `, ${count} on` : ""}`, title: "Control panel", on: { click: () => toggle("panel") } },
      icon("panel"), h("span", { class: "opener-word" }, "Control panel"), count ? h("span", { class: "badge warn" }, `${count} on`) : null),
    h("button", { class: "opener", type: "button", "data-testid": "inspector-open", "aria-pressed": String(state.pane === "inspector"), "aria-label": "Frame inspector", title: "Frame inspector", on: { click: () => toggle("inspector") } },
      icon("frames"), h("span", { class: "opener-word" }, "Frames")));
}

function header(channel) {
  const people = Array.isArray(channel?.members) ? channel.members.length : null;
  const name = channel?.is_im ? bot()?.real_name || "App" : channel?.name || "…";
  return [
    h("button", { class: "icon-button only-narrow", type: "button", "data-testid": "menu", "aria-label": "Channels", on: { click: openSidebar } }, icon("menu")),
    h("div", { class: "title" },
      h("h1", { "data-testid": "title" }, channel && !channel.is_im ? icon(channel.is_private ? "lock" : channel.is_shared ? "globe" : "hash") : null, name, channel?.is_im ? h("span", { class: "app-badge" }, "APP") : null),
      h("p", { class: "topic", dir: "auto", title: channel?.topic || null }, channel?.is_im ? "Direct messages with the app" : [people !== null && h("span", { class: "people" }, `${people} people`), channel?.topic ? inline(channel.topic) : null])),
    openers(),
  ];
}

function openSidebar() {
  document.getElementById("app").classList.add("sidebar-open");
  document.querySelector("#sidebar .channel.current, #sidebar .channel")?.focus();
}

function tabs() {
  const tab = (kind, words) => h("button", {
    role: "tab", type: "button", id: `tab-${kind}`, class: "tab", "data-testid": `tab-${kind}`, "aria-selected": String(state.tab === kind), tabindex: state.tab === kind ? "0" : "-1", "aria-controls": "stage",
    on: { click: () => { state.tab = kind; emit("route"); document.getElementById(`tab-${kind}`)?.focus(); },
      keydown: (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        state.tab = kind === "home" ? "messages" : "home";
        emit("route");
        document.getElementById(`tab-${state.tab}`)?.focus();
      } },
  }, words);
  return h("div", { class: "tabs", role: "tablist", "aria-label": "With the app" }, tab("home", "Home"), tab("messages", "Messages"));
}

/** Builds it and keeps it true. */
export function mountMain(root) {
  const head = h("header", { class: "head" });
  const tabBar = h("div", { class: "tab-bar" });
  const stage = h("div", { class: "stage", id: "stage" });
  root.append(head, tabBar, stage);
  const list = new MessageList({ channel: () => state.channel, items: () => (state.channel ? roots(state.channel) : []), label: "Messages" });
  const box = composer({ testid: "composer", sendId: "send", place: () => ({ channel: state.channel }) });
  let mounted = null;

  const drawHead = () => {
    const held = document.activeElement?.dataset?.testid;
    const channel = state.channels.get(state.channel);
    put(head, header(channel));
    put(tabBar, channel?.is_im && state.app.home_tab !== false ? tabs() : extras(channel));
    if (held && !document.activeElement?.dataset?.testid) root.querySelector(`[data-testid="${held}"]`)?.focus();
  };
  const draw = () => {
    drawHead();
    const kind = state.channels.get(state.channel)?.is_im && state.tab === "home" ? "home" : "messages";
    const wanted = `${kind} ${state.me}`;
    if (wanted !== mounted) {
      mounted = wanted;
      put(stage, kind === "home" ? homeView() : [list.node, box.node]);
    }
    if (kind === "messages") {
      list.draw();
      box.moved();
    }
  };
  on("route", draw);
  on("faults", onceAFrame(drawHead));
  on("state", onceAFrame(drawHead));
  const later = onceAFrame(() => list.draw());
  on("messages", (what) => (!what || what.channel === state.channel ? later() : null));
}
