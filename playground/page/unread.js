// What has been read, a person and a tab: bold names and counts in the sidebar, the “New” line in the list.

import { emit, isReply, messagesOf, myChannels, state } from "./store.js";

const counts = new Map(); // channel → number, for the person acted as
export const newLine = new Map(); // channel → ts after which everything was new when it was opened

function memory() {
  try {
    return JSON.parse(sessionStorage.getItem("read")) || {};
  } catch {
    return {};
  }
}

function remember(channel, ts) {
  const all = memory();
  (all[state.me] ||= {})[channel] = ts;
  sessionStorage.setItem("read", JSON.stringify(all));
}

const newest = (channel) => [...messagesOf(channel).values()].reduce((last,
    message) => (Number(message.ts) > Number(last) ? message.ts : last), "0");
const counted = (message) => message.user !== state.me && (!isReply(message) || message.broadcast);

/** Counts afresh after a fetch. What was there when the tab first looked is taken as read. */
export function countUnread() {
  const all = memory();
  const baseline = (all.baseline ??= String(Math.max(0, ...myChannels().map((channel) => Number(newest(channel.id))))));
  sessionStorage.setItem("read", JSON.stringify(all));
  counts.clear();
  for (const channel of myChannels()) {
    const read = Number(all[state.me]?.[channel.id] ?? baseline);
    const fresh = [...messagesOf(channel.id).values()].filter((message) => counted(message) && Number(message.ts) > read);
    counts.set(channel.id, fresh.length);
  }
  if (state.channel) markRead(state.channel);
  emit("unread");
}

export const unreadOf = (channel) => counts.get(channel) || 0;

/** A message came in. */
export function arrived(channel, message) {
  if (channel === state.channel && state.tab === "messages" && !document.hidden) remember(channel, message.ts);
  else if (counted(message)) counts.set(channel, unreadOf(channel) + 1);
  emit("unread");
}

/** The channel is on the screen: all of it counts as read. */
export function markRead(channel) {
  const before = memory()[state.me]?.[channel] ?? memory().baseline;
  if (unreadOf(channel)) newLine.set(channel, Number(before || 0));
  else newLine.delete(channel);
  counts.set(channel, 0);
  const last = newest(channel);
  if (last !== "0") remember(channel, last);
  emit("unread");
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && state.channel && unreadOf(state.channel)) {
    markRead(state.channel);
    emit("messages", { channel: state.channel });
  }
});
