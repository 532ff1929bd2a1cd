// What the live socket tells, put into the store.

import { announce } from "./toast.js";
import { flat } from "./mrkdwn.js";
import { emit, isReply, messagesOf, nameOf, state } from "./store.js";
import { arrived } from "./unread.js";

const said = (message) => flat(message.text || "") || "a message without text";

function tell(channel, message, verb) {
  if (channel !== state.channel || message.user === state.me) return;
  announce(`${message.username || nameOf(message.user)}${verb}${message.ephemeral ? " (only visible to you)" : ""}: ${said(message)}`);
}

const HANDLERS = {
  message({ channel, message }) {
    messagesOf(channel).set(message.ts, message);
    arrived(channel, message);
    tell(channel, message, isReply(message) ? " replied in a thread" : "");
    emit("messages", { channel });
  },
  message_changed({ channel, message }) {
    const before = messagesOf(channel).get(message.ts);
    messagesOf(channel).set(message.ts, message);
    if (before && before.text !== message.text) tell(channel, message, " changed a message");
    emit("messages", { channel });
  },
  message_deleted({ channel, ts }) {
    messagesOf(channel).delete(ts);
    emit("messages", { channel });
  },
  channel({ channel }) {
    state.channels.set(channel.id, channel);
    emit("state");
  },
  view({ view, stack }) {
    const known = new Map(state.modals.map((each) => [each.id, each]));
    known.set(view.id, view);
    state.modals = (stack || [...known.keys()]).map((id) => known.get(id)).filter(Boolean);
    emit("views");
  },
  view_closed({ view_id, stack }) {
    state.modals = state.modals.filter((each) => (stack ? stack.includes(each.id) : each.id !== view_id));
    emit("views");
  },
  home({ view }) {
    state.home = view;
    emit("home");
  },
  failed({ channel, text }) {
    const newest = Math.max(0, ...[...messagesOf(channel).values()].map((message) => Number(message.ts)));
    if (!state.failures.has(channel)) state.failures.set(channel, []);
    state.failures.get(channel).push({ after: newest, text });
    if (channel === state.channel) announce(text);
    emit("messages", { channel });
  },
  faults({ faults }) {
    state.faults = faults;
    emit("faults");
  },
  sockets({ count }) {
    state.sockets = count;
    emit("connection");
  },
};

/** Takes one frame; a type we do not know is left alone. */
export function take(frame) {
  HANDLERS[frame.type]?.(frame);
}
