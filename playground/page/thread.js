// The thread pane: the message, its replies, a composer of its own.

import { composer } from "./composer.js";
import { h, onceAFrame } from "./dom.js";
import { iconButton } from "./icons.js";
import { MessageList } from "./list.js";
import { open } from "./route.js";
import { bot, on, state, threadOf } from "./store.js";

let current = null; // the list on show; redrawn when messages come in

const later = onceAFrame(() => current?.node.isConnected && current.draw());
on("messages", (what) => (!what || what.channel === state.channel ? later() : null));

/** Nodes for the open thread. */
export function thread() {
  const channel = state.channels.get(state.channel);
  const items = () => threadOf(state.channel, state.thread);
  const list = new MessageList({
    channel: () => state.channel, items, label: "Thread", inThread: true,
    after: (index, all) => {
      if (index !== 0 || all[0].ts !== state.thread) return null;
      const count = all.length - 1;
      const words = count ? `${count} ${count === 1 ? "reply" : "replies"}` : "No replies yet";
      return { key: words, make: () => h("div", { class: "replies", role: "separator" }, h("span", {}, words)) };
    },
  });
  current = list;
  const box = composer({ testid: "thread-composer", sendId: "thread-send",
      place: () => ({ channel: state.channel, thread: state.thread }), focus: true });
  const shut = () => {
    open(state.channel);
    document.querySelector("[data-testid=composer]")?.focus();
  };
  requestAnimationFrame(() => list.draw());
  box.moved();
  return h("section", { class: "pane-inner", "data-testid": "thread", "data-ts": state.thread },
    h("header", { class: "pane-head" },
      iconButton("back", "Back to the channel", shut, { narrow: true }),
      h("h2", {}, "Thread"), h("span", { class: "pane-where" }, channel?.is_im ? bot()?.real_name : `#${channel?.name}`),
      iconButton("close", "Close the thread", shut, { testid: "thread-close" })),
    list.node, box.node);
}
