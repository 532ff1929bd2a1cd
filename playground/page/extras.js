// Beneath the channel's header: what is pinned, and its bookmarks; and links to messages, followed inside the page.

import { emojiNode, flat } from "./mrkdwn.js";
import { h, link } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popup.js";
import { open } from "./route.js";
import { emit, isReply, messagesOf, myChannels, state } from "./store.js";
import { toast } from "./toast.js";

/** Opens the channel (and thread) of a message and shows it. */
export function reveal(channel, ts, thread = null) {
  if (!myChannels().some((each) => each.id === channel)) {
    toast("You cannot see that channel.");
    return;
  }
  const message = messagesOf(channel).get(ts);
  const root = thread || (message && isReply(message) ? message.thread_ts : null);
  state.reveal = ts;
  open(channel, { thread: root });
  emit("messages", { channel });
}

/** Follows `/archives/C…/p1234567890123456[?thread_ts=…]` of this workspace without leaving the page. */
export function followPermalinks() {
  document.addEventListener("click", (event) => {
    const anchor = event.target.closest?.("a[href]");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const url = new URL(anchor.href);
    const match = url.origin === location.origin && /^\/archives\/(\w+)\/p(\d{10})(\d{6})$/.exec(url.pathname);
    if (!match) return;
    event.preventDefault();
    reveal(match[1], `${match[2]}.${match[3]}`, url.searchParams.get("thread_ts"));
  });
}

function pinned(channel) {
  const node = h("button", { class: "extra", type: "button", "aria-haspopup": "menu", "data-testid": "pins" },
    icon("pin"), `${channel.pins.length} pinned`);
  node.addEventListener("click", () => openMenu(node, channel.pins.map((ts) => {
    const message = messagesOf(channel.id).get(ts);
    return { label: message ? flat(message.text || "").slice(0, 80) || "A message without text"
      : "A message you cannot see", run: () => reveal(channel.id, ts) };
  }), { label: "Pinned messages" }));
  return node;
}

const bookmark = (each) => h("span", { class: "extra" },
  (each.emoji && emojiNode(each.emoji.replace(/:/g, ""))) || icon("link"), link(each.link, each.title));

/** The bar's nodes; none where nothing is pinned or marked. */
export function extras(channel) {
  if (!channel || channel.is_im) return [];
  const parts = [channel.pins?.length ? pinned(channel) : null, ...(channel.bookmarks || []).map(bookmark)].filter(Boolean);
  return parts.length ? [h("div", { class: "extras" }, parts)] : [];
}
