// The start: puts the parts in place and takes the first person and channel from the address.

import { followPermalinks } from "./extras.js";
import { inspector } from "./inspector.js";
import { mountMain } from "./main.js";
import { watchModals } from "./modal.js";
import { refreshTimes } from "./mrkdwn.js";
import { panel } from "./panel.js";
import { follow, readRoute } from "./route.js";
import { become, loadState } from "./session.js";
import { mountSidebar } from "./sidebar.js";
import { emit, on, state } from "./store.js";
import { watchConnection } from "./connection.js";
import { thread } from "./thread.js";
import { put } from "./dom.js";
import { tried } from "./toast.js";

const AGAIN = 30000; // ms between refreshes of “3 minutes ago”

const PANES = { thread, panel, inspector };

function mountPane(node) {
  let shown = null; // what is mounted: its kind, channel, thread, person
  const draw = () => {
    const wanted = state.pane
      && [state.pane, ...(state.pane === "thread" ? [state.channel, state.thread, state.me] : [])].join(" ");
    if (wanted === shown) return;
    shown = wanted;
    node.hidden = !wanted;
    node.dataset.kind = state.pane || "";
    document.getElementById("app").dataset.pane = state.pane || "";
    put(node, wanted ? PANES[state.pane]() : []);
    node.querySelector("[data-focus]")?.focus();
  };
  on("route", draw);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !state.pane) return;
    const kind = state.pane;
    state.pane = null;
    state.thread = null;
    emit("route");
    document.querySelector(kind === "thread" ? "[data-testid=composer]" : `[data-testid=${kind}-open]`)?.focus();
  });
}

async function start() {
  await tried(loadState);
  mountSidebar(document.getElementById("sidebar"));
  mountMain(document.getElementById("main"));
  mountPane(document.getElementById("pane"));
  watchModals();
  watchConnection();
  followPermalinks();
  const first = readRoute();
  await become(first.user);
  follow();
  setInterval(() => refreshTimes(), AGAIN);
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("[data-testid=composer]")?.focus();
  });
}

start();
