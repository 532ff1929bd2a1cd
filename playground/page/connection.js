// The notice over the page while the live socket is away.

import { h, put } from "./dom.js";
import { reconnect } from "./session.js";
import { on, state } from "./store.js";

const PATIENCE = 400; // ms: a change of person or a blink of the network shows nothing

/** Keeps the notice and `data-connection` on #app true. */
export function watchConnection() {
  const notice = document.getElementById("notice");
  let timer = null;
  const show = () => {
    notice.hidden = false;
    put(notice, h("span", {}, "Reconnecting to the playground…"),
      h("button", { class: "button", type: "button", on: { click: reconnect } }, "Try now"));
  };
  const draw = () => {
    document.getElementById("app").dataset.connection = state.connection;
    if (state.connection === "on") {
      clearTimeout(timer);
      timer = null;
      notice.hidden = true;
      put(notice);
    } else if (notice.hidden
      && !timer) timer = setTimeout(() => { timer = null; if (state.connection !== "on") show(); }, PATIENCE);
  };
  on("connection", draw);
  draw();
}
