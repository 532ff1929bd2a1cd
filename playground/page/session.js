// One person's view of the workspace: loaded, then kept true by the live socket.

import * as api from "./api.js";
import { take } from "./incoming.js";
import { Live } from "./live.js";
import { emit, myChannels, state } from "./store.js";
import { tried } from "./toast.js";
import { countUnread } from "./unread.js";

let live = null;
let waiting = null; // frames that came while the whole was being fetched: applied after it, in order

function linksOf(links) {
  if (Array.isArray(links)) return links.map((each) => ({ label: each.label || each.name, url: each.url }));
  return Object.entries(links || {}).map(([label, url]) => ({ label, url }));
}

/** Reads `GET /control/state` into the store. */
export async function loadState() {
  const answer = await api.getState();
  const list = (value) => (Array.isArray(value) ? value : Object.values(value || {}));
  state.workspace = typeof answer.workspace === "string" ? { name: answer.workspace } : answer.workspace || state.workspace;
  state.users = new Map(list(answer.users).map((user) => [user.id, user]));
  state.channels = new Map(list(answer.channels).map((channel) => [channel.id, channel]));
  state.groups = new Map(list(answer.usergroups).map((group) => [group.id, group]));
  state.app = answer.app || {};
  state.commands = list(answer.commands);
  state.shortcuts = list(answer.shortcuts);
  state.faults = list(answer.faults);
  state.sockets = typeof answer.sockets === "number" ? answer.sockets : answer.sockets?.count ?? list(answer.sockets).length;
  state.links = linksOf(answer.links);
  emit("state");
}

/** Fetches one channel whole. */
export async function loadChannel(id) {
  const messages = await api.getMessages(id, state.me);
  state.messages.set(id, new Map(messages.map((message) => [message.ts, message])));
}

async function refresh(user) {
  waiting ??= [];
  const started = waiting;
  try {
    await loadState();
    const [views] = await Promise.all([api.getViews(user), ...myChannels().map((channel) => loadChannel(channel.id))]);
    if (state.me !== user) return;
    state.modals = views.modals || [];
    state.home = views.home || null;
  } finally {
    if (waiting === started) {
      waiting = null;
      started.forEach(take);
    }
  }
  state.connection = "on";
  countUnread();
  for (const topic of ["state", "messages", "views", "home", "faults", "connection"]) emit(topic);
}

/** Acts as `user` from now on: everything known of the person before is dropped. */
export function become(user) {
  live?.stop();
  waiting = null;
  Object.assign(state, { me: user, messages: new Map(), modals: [], home: null, failures: new Map(), connection: "connecting" });
  emit("connection");
  emit("views");
  return new Promise((resolve) => {
    live = new Live(user, {
      onFrame: async (frame) => {
        if (frame.type === "hello") {
          await tried(() => refresh(user));
          resolve();
        } else if (waiting) waiting.push(frame);
        else take(frame);
      },
      onChange: (how) => {
        if (how === "on") return; // shown once the whole is fetched
        state.connection = "off";
        emit("connection");
      },
    });
  });
}

/** Tries to reconnect at once. */
export const reconnect = () => live?.now();
