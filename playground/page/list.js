// A list of messages: rows that have not changed stay the same nodes, so that focus, open menus and half-made choices survive.

import { h, roving } from "./dom.js";
import { icon } from "./icons.js";
import { messageRow } from "./message.js";
import { timeNode } from "./mrkdwn.js";
import { sameDay } from "./dates.js";
import { me, state } from "./store.js";
import { newLine } from "./unread.js";

const PAGE = 120; // rows at a time: older ones on demand, so that thousands of messages stay quick
const NEAR = 80; // px from the end that still count as being at the end
const REVEALED = 2500; // ms a message named by a link stays marked
const TOUCHED = 400; // ms after a press in which a change of height is the reader's own doing
const TOGETHER = 300; // s within which messages of one author stand under one name

export class MessageList {
  /** `items()` gives messages oldest first; `after(index)` nodes to stand behind a row. */
  constructor({ channel, items, label, after = () => null, inThread = false }) {
    Object.assign(this, { channel, items, after, inThread });
    this.rows = new Map();
    this.shown = PAGE;
    this.place = null;
    this.inner = h("div", { class: "rows", role: "list", "aria-label": label });
    this.earlier = h("button", { class: "button earlier", type: "button", on: { click: () => this.more() } },
      "Show earlier messages");
    this.jump = h("button", { class: "jump", type: "button", hidden: true, on: { click: () => this.toEnd() } },
      icon("down"), "New messages");
    this.scroll = h("div", { class: "scroll", "data-testid": inThread ? "thread-messages" : "messages",
        on: { scroll: () => this.scrolled() } }, this.earlier, this.inner);
    this.node = h("div", { class: "list" }, this.scroll, this.jump);
    this.atEnd = true;
    roving(this.inner, ".message");
    this.touched = 0;
    for (const event of ["pointerdown", "keydown"]) this.inner.addEventListener(event,
      () => { this.touched = performance.now(); });
    // Whatever changes the heights (a pane opens, a picture comes), who was at the end stays there; but what the reader
    // unfolds must not run away from under the pointer.
    const sized = new ResizeObserver(() => this.atEnd && performance.now() - this.touched > TOUCHED && this.toEnd());
    sized.observe(this.scroll);
    sized.observe(this.inner);
  }

  scrolled() {
    this.atEnd = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
    if (this.atEnd) this.jump.hidden = true;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.atEnd = true;
    this.jump.hidden = true;
  }

  more() {
    const before = this.scroll.scrollHeight - this.scroll.scrollTop;
    this.shown += PAGE;
    this.draw();
    this.scroll.scrollTop = this.scroll.scrollHeight - before;
  }

  draw() {
    const place = `${state.me} ${this.channel()} ${this.inThread ? state.thread : ""}`;
    const moved = place !== this.place;
    if (moved) {
      Object.assign(this, { place, shown: PAGE, rows: new Map(), last: null });
      this.inner.replaceChildren();
    }
    const all = this.items();
    const items = all.slice(-this.shown);
    this.earlier.hidden = items.length === all.length;
    const last = all[all.length - 1];
    const fresh = last && last.ts !== this.last;
    this.last = last?.ts ?? null;
    const held = focusIn(this.inner);
    settle(this.inner, this.nodes(items));
    held?.();
    this.oneStop();
    if (state.reveal && all.some((message) => message.ts === state.reveal)) this.reveal(all);
    else if (moved || this.atEnd || (fresh && last.user === state.me)) {
      this.toEnd();
    } else if (fresh) this.jump.hidden = false;
  }

  /** Scrolls to the message a link or a pin named, and marks it for a moment. */
  reveal(all) {
    const ts = state.reveal;
    state.reveal = null;
    const back = all.length - all.findIndex((message) => message.ts === ts);
    if (back > this.shown) {
      this.shown = back + PAGE;
      this.draw();
    }
    const row = this.inner.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    this.atEnd = false;
    row.classList.add("revealed");
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
    setTimeout(() => row.classList.remove("revealed"), REVEALED);
  }

  nodes(items) {
    const out = [];
    const failures = (!this.inThread && state.failures.get(this.channel())) || [];
    const line = this.inThread ? undefined : newLine.get(this.channel());
    const used = new Map();
    let before = null;
    let lined = false;
    let failed = 0;
    const failuresUpTo = (ts) => {
      for (; failed < failures.length && failures[failed].after < ts; failed += 1) {
        out.push(this.keep(used, `failed ${failed}`, failures[failed], () => failure(failures[failed])));
        before = null;
      }
    };
    items.forEach((message, index) => {
      const at = Number(message.ts);
      failuresUpTo(at);
      if (!before || !sameDay(Number(before.ts), at, me()?.tz)) {
        if (!this.inThread) out.push(this.keep(used, `day ${message.ts}`, "day",
            () => divider(timeNode(Math.floor(at), "{day_divider_pretty}", "", { capital: true }))));
        before = null;
      }
      if (line !== undefined && at > line && !lined && message.user !== state.me) {
        lined = true;
        out.push(this.keep(used, "new", line,
            () => h("div", { class: "new-line", role: "separator", "data-testid": "new-line" }, h("span", {}, "New"))));
        before = null;
      }
      const together = Boolean(before) && before.user === message.user && before.username === message.username
        && at - Number(before.ts) < TOGETHER && before.ephemeral === message.ephemeral && !message.subtype
        && !message.blocks?.length && !message.attachments?.length;
      out.push(this.keep(used, message.ts, message,
          () => messageRow(message, { channel: this.channel(), together, inThread: this.inThread }), together));
      const extra = this.after(index, items);
      if (extra) out.push(this.keep(used, `after ${message.ts}`, extra.key, extra.make));
      before = extra ? null : message;
    });
    failuresUpTo(Infinity);
    if (!out.length && !this.inThread) out.push(this.keep(used, "empty", this.channel(), () => beginning(this.channel())));
    this.rows = used;
    return out;
  }

  /** The row made before under `key` if nothing about it changed, else a new one. */
  keep(used, key, what, make, how = false) {
    const old = this.rows.get(key);
    const row = old && old.what === what && old.how === how ? old : { what, how, node: make() };
    used.set(key, row);
    return row.node;
  }

  oneStop() {
    const rows = [...this.inner.querySelectorAll(".message")];
    if (rows.length && !rows.some((row) => row.tabIndex === 0)) rows[rows.length - 1].tabIndex = 0;
  }
}

const divider = (content) => h("div", { class: "day", role: "separator" }, h("span", {}, content));
const failure = (item) => h("div", { class: "failure", role: "listitem", "data-testid": "failure", dir: "auto" }, item.text);

function beginning(id) {
  const channel = state.channels.get(id);
  const where = channel?.is_im ? "your talk with the app" : `#${channel?.name}`;
  const command = state.commands[0]?.command;
  return h("div", { class: "beginning" },
    h("p", { class: "empty-title" }, `This is the beginning of ${where}`),
    command ? h("p", {}, "Type ", h("code", {}, `${command} health`),
      ", press a switch of the control panel, and ask again.") : null);
}

/** Makes `root` hold exactly `nodes`, moving as few as possible. */
function settle(root, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...root.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (root.children[at] !== node) root.insertBefore(node, root.children[at] || null);
  });
}

/** If the focus is inside a row that is about to be made anew: how to put it back. */
function focusIn(root) {
  const held = document.activeElement;
  if (!held || held === document.body || !root.contains(held)) return null;
  const ts = held.closest(".message")?.dataset.ts;
  const { actionId, blockId, testid } = held.dataset;
  return () => {
    if (held.isConnected || !ts) return;
    const row = root.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    const same = [...(row?.querySelectorAll("[data-action-id], [data-testid]") || [])]
      .find((node) => node.dataset.actionId === actionId && node.dataset.blockId === blockId && node.dataset.testid === testid);
    (same || row)?.focus({ preventScroll: true });
  };
}
