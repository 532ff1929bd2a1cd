// The middle: the channel's header, its messages or the app's home, the composer.

import { composer } from "./composer.js";
import { h, onceAFrame, put } from "./dom.js";
import { extras } from "./extras.js";
import { homeView } from "./home.js";
import { icon, iconButton } from "./icons.js";
import { MessageList } from "./list.js";
import { inline } from "./mrkdwn.js";
import { toggle } from "./route.js";
import { bot, emit, on, roots, state } from "./store.js";

function faultsOn() {
  return state.faults.filter((fault) => fault.on).length;
}

function opener(kind, name, words, label, badge = null) {
  return h("button", {
    class: "opener", type: "button", "data-testid": `${kind}-open`, "aria-pressed": String(state.pane === kind),
    "aria-label": label, title: label, on: { click: () => toggle(kind) },
  }, icon(name), h("span", { class: "opener-word" }, words), badge);
}

function openers() {
  const count = faultsOn();
  const badge = count ? h("span", { class: "badge warn" }, `${count} on`) : null;
  return h("div", { class: "openers" },
    opener("panel", "panel", "Control panel", `Control panel${count ? `, ${count} on` : ""}`, badge),
    opener("inspector", "frames", "Frames", "Frame inspector"));
}

const KIND = (channel) => (channel.is_private ? "lock" : channel.is_shared ? "globe" : "hash");

function topic(channel) {
  if (channel?.is_im) return ["Direct messages with the app"];
  const people = Array.isArray(channel?.members) ? `${channel.members.length} people` : null;
  return [people && h("span", { class: "people" }, people), channel?.topic ? inline(channel.topic) : null];
}

function header(channel) {
  const dm = channel?.is_im;
  return [
    iconButton("menu", "Channels", openSidebar, { testid: "menu", narrow: true }),
    h("div", { class: "title" },
      h("h1", { "data-testid": "title" },
        channel && !dm ? icon(KIND(channel)) : null,
        dm ? bot()?.real_name || "App" : channel?.name || "…",
        dm ? h("span", { class: "app-badge" }, "APP") : null),
      h("p", { class: "topic", dir: "auto", title: channel?.topic || null }, topic(channel))),
    openers(),
  ];
}

function openSidebar() {
  document.getElementById("app").classList.add("sidebar-open");
  document.querySelector("#sidebar .channel.current, #sidebar .channel")?.focus();
}

function choose(kind) {
  state.tab = kind;
  emit("route");
  document.getElementById(`tab-${kind}`)?.focus();
}

function tab(kind, words) {
  const chosen = state.tab === kind;
  return h("button", {
    role: "tab", type: "button", id: `tab-${kind}`, class: "tab", "data-testid": `tab-${kind}`,
    "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1", "aria-controls": "stage",
    on: {
      click: () => choose(kind),
      keydown: (event) => ["ArrowLeft", "ArrowRight"].includes(event.key) && choose(kind === "home" ? "messages" : "home"),
    },
  }, words);
}

const tabs = () =>
  h("div", { class: "tabs", role: "tablist", "aria-label": "With the app" }, tab("home", "Home"), tab("messages", "Messages"));

/** Builds it and keeps it true. */
export function mountMain(root) {
  const head = h("header", { class: "head" });
  const tabBar = h("div", { class: "tab-bar" });
  const stage = h("div", { class: "stage", id: "stage" });
  root.append(head, tabBar, stage);
  const list = new MessageList({ channel: () => state.channel, items: () => (state.channel ? roots(state.channel) : []),
      label: "Messages" });
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
