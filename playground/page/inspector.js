// The frame inspector: every frame and call, both ways, as the journal has them.

import * as api from "./api.js";
import { h, onceAFrame, put, roving } from "./dom.js";
import { iconButton } from "./icons.js";
import { Live } from "./live.js";
import { toggle } from "./route.js";
import { state } from "./store.js";
import { tried } from "./toast.js";

const KEPT = 2000;
const SHOWN = 300; // rows drawn; the newest ones that pass the filter

const entries = new Map(); // n → entry
const filter = { kind: null, text: "", paused: false };
let chosen = null;
let parts = null; // the nodes on show
let live = null;

const redraw = onceAFrame(() => parts?.node.isConnected && !filter.paused && draw());

function add(list) {
  for (const entry of list) entries.set(entry.n, entry);
  if (entries.size > KEPT) for (const n of [...entries.keys()].sort((one, other) => one - other).slice(0,
      -KEPT)) entries.delete(n);
  redraw();
}

function connect() {
  live?.stop();
  live = new Live(state.me, {
    journal: true,
    onFrame: async (frame) => {
      if (!parts?.node.isConnected) live.stop();
      else if (frame.type === "journal") add([frame.entry]);
      else if (frame.type === "hello") {
        const answer = await tried(() => api.getJournal(Math.max(0, ...entries.keys())));
        if (answer) add(answer.entries || []);
      }
    },
  });
}

const passes = (entry) => (!filter.kind || entry.kind === filter.kind)
  && (!filter.text || `${entry.name} ${entry.status ?? ""} ${JSON.stringify(entry.body)}`.toLowerCase().includes(filter.text));

const clock = (at) => {
  const text = typeof at === "number" ? new Date(at * 1000).toISOString() : String(at);
  return /T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(text)?.[1] || text;
};

const failed = (status) => status !== undefined && status !== null && !/^(2\d\d|101|ok|true)$/.test(String(status));

function row(entry) {
  const way = entry.way === "in" ? ["→", "from the app"] : ["←", "to the app"];
  return h("button", { class: `frame${chosen === entry.n ? " chosen" : ""}${failed(entry.status) ? " bad" : ""}`,
      type: "button", tabindex: "-1", "data-testid": "frame", "data-kind": entry.kind, "data-name": entry.name,
    "data-n": entry.n, "aria-pressed": String(chosen === entry.n),
    on: { click: () => { chosen = entry.n; draw(); } } },
  h("span", { class: "frame-at" }, clock(entry.at)), h("span", { class: `frame-way ${entry.way}`, title: way[1] },
    way[0], h("span", { class: "unseen" }, way[1])),
  h("span", { class: "frame-kind" }, entry.kind), h("span", { class: "frame-name" }, entry.name),
  h("span", { class: "frame-status" },
    [entry.status, entry.ms !== undefined && entry.ms !== null ? `${entry.ms} ms`
    : null].filter((each) => each !== undefined && each !== null).join(" · ")));
}

function draw() {
  const held = document.activeElement?.dataset?.n;
  const all = [...entries.values()].sort((one, other) => one.n - other.n); // what was fetched and what came live overlap
  const kinds = [...new Set(all.map((entry) => entry.kind))].sort();
  const kindButton = (kind, words) => h("button", { class: "filter", type: "button", "data-kind-filter": kind || "all",
      "aria-pressed": String(filter.kind === kind), on: { click: () => { filter.kind = kind; draw(); } } }, words);
  put(parts.kinds, kindButton(null, "All"), kinds.map((kind) => kindButton(kind, kind)));
  const found = all.filter(passes);
  put(parts.rows, found.slice(-SHOWN).reverse().map(row));
  if (!found.length) parts.rows.append(h("p", { class: "option-none" }, all.length ? "Nothing matches"
      : "Nothing yet: type something in a channel."));
  parts.rows.querySelector(".frame.chosen, .frame")?.setAttribute("tabindex", "0");
  parts.count.textContent = `${found.length} of ${all.length}`;
  const entry = entries.get(chosen);
  parts.detail.hidden = !entry;
  put(parts.detail, entry ? detail(entry) : []);
  if (held) parts.rows.querySelector(`[data-n="${held}"]`)?.focus();
}

function detail(entry) {
  const text = typeof entry.body === "string" ? entry.body : JSON.stringify(entry.body, null, 2);
  const shut = () => {
    chosen = null;
    draw();
    parts.rows.querySelector(`[data-n="${entry.n}"]`)?.focus();
  };
  return [
    h("div", { class: "detail-head" },
      h("strong", { dir: "auto" }, entry.name),
      h("span", { class: "frame-at" }, `#${entry.n} · ${entry.at}`),
      iconButton("close", "Close the detail", shut)),
    h("pre", { class: "code-block json", tabindex: "0", role: "region", "aria-label": "The frame as JSON", "data-testid": "frame-json" }, text),
  ];
}

function tools() {
  const search = h("input", { class: "field-input", type: "search", placeholder: "Search names and bodies", "aria-label": "Search the frames" });
  search.value = filter.text;
  search.addEventListener("input", () => {
    filter.text = search.value.trim().toLowerCase();
    draw();
  });
  const pause = h("button", { class: "button", type: "button" });
  const say = () => {
    pause.textContent = filter.paused ? "Go on" : "Pause";
    pause.setAttribute("aria-pressed", String(filter.paused));
  };
  pause.addEventListener("click", () => {
    filter.paused = !filter.paused;
    say();
    redraw();
  });
  say();
  const clear = h("button", { class: "button", type: "button" }, "Clear");
  clear.addEventListener("click", () => {
    entries.clear();
    chosen = null;
    draw();
  });
  return h("div", { class: "inspector-tools" }, search, pause, clear);
}

/** The drawer's node. */
export function inspector() {
  parts = {
    kinds: h("div", { class: "filters", role: "group", "aria-label": "Kind" }),
    rows: h("div", { class: "frames", "data-testid": "frames" }),
    detail: h("div", { class: "detail" }),
    count: h("span", { class: "frame-at" }),
  };
  roving(parts.rows, ".frame");
  parts.node = h("section", { class: "pane-inner", "data-testid": "inspector" },
    h("header", { class: "pane-head" },
      h("h2", { tabindex: "-1", "data-focus": true }, "Frames"), parts.count,
      iconButton("close", "Close the inspector", () => toggle("inspector"), { testid: "inspector-close" })),
    tools(), parts.kinds, parts.rows, parts.detail);
  draw();
  queueMicrotask(connect);
  return parts.node;
}
