// The app's Home tab.

import * as api from "./api.js";
import { renderBlocks } from "./blocks/index.js";
import { viewContext } from "./context.js";
import { h, onceAFrame, put } from "./dom.js";
import { on, state } from "./store.js";
import { tried } from "./toast.js";

let current = null;
const later = onceAFrame(() => current?.isConnected && draw());
on("home", later);

function draw() {
  const view = state.home;
  put(current, view?.blocks?.length
    ? renderBlocks(view.blocks, viewContext(view))
    : h("div", { class: "empty" }, h("p", { class: "empty-title" }, "Nothing here yet"),
      h("p", {}, "The app fills its Home when it is opened. If it stays empty, the app is not connected or has no Home.")));
}

/** The tab's node; opening it tells the app. */
export function homeView() {
  current = h("div", { class: "home", "data-testid": "home", role: "tabpanel", "aria-labelledby": "tab-home", tabindex: "0" });
  draw();
  tried(() => api.home(state.me));
  return h("div", { class: "home-scroll" }, current);
}
