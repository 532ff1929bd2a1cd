// What the page knows, and who wants to hear of changes.

export const state = {
  me: null,            // id of the person acted as
  workspace: { name: "AIKeys" },
  users: new Map(),    // id → user
  channels: new Map(), // id → channel
  commands: [],
  shortcuts: [],
  groups: new Map(),   // user group id → {id, handle}
  app: {},
  faults: [],
  sockets: 0,
  links: [],           // [{label, url}]
  messages: new Map(), // channel id → Map(ts → message), for the person acted as
  failures: new Map(), // channel id → [{after: ts, text}], the grey lines
  dismissed: new Set(),
  channel: null,       // id of the open channel
  tab: "messages",     // in the DM with the app: messages | home
  thread: null,        // ts of the open thread
  pane: null,          // null | thread | panel | inspector
  reveal: null,        // ts of a message to scroll to, once its row is there
  modals: [],          // the view stack, top last
  home: null,
  connection: "connecting", // connecting | on | off
};

const hearers = new Map();

/** Calls `fn` after each `topic`: state, messages, route, views, home, faults, connection, journal, unread. */
export function on(topic, fn) {
  if (!hearers.has(topic)) hearers.set(topic, []);
  hearers.get(topic).push(fn);
}

export function emit(topic, detail) {
  for (const fn of hearers.get(topic) || []) fn(detail);
}

export const me = () => state.users.get(state.me);
export const bot = () => [...state.users.values()].find((user) => user.is_bot);

/** A user's shown name; the id where the person is unknown. */
export function nameOf(id) {
  const user = state.users.get(id);
  return user ? user.real_name || user.name : id;
}

/** The channels the person acted as can open: theirs, and the public ones for a full member. */
export function myChannels() {
  const outsider = me()?.is_restricted || me()?.is_stranger;
  return [...state.channels.values()].filter((channel) => {
    if (channel.is_im) return channel.user === state.me;
    const members = Array.isArray(channel.members) ? channel.members : null;
    return !members || members.includes(state.me) || (!channel.is_private && !outsider);
  });
}

export const myDm = () => myChannels().find((channel) => channel.is_im);

export function findChannel(key) {
  const wanted = String(key).replace(/^#/, "");
  return myChannels().find((channel) => channel.id === wanted || (!channel.is_im && channel.name === wanted));
}

export function messagesOf(channel) {
  if (!state.messages.has(channel)) state.messages.set(channel, new Map());
  return state.messages.get(channel);
}

export const byTime = (one, other) => Number(one.ts) - Number(other.ts) || (one.ts < other.ts ? -1 : 1);
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** Root messages of a channel, oldest first. */
export function roots(channel) {
  return [...messagesOf(channel).values()]
    .filter((message) => !isReply(message) && !state.dismissed.has(message.ts))
    .sort(byTime);
}

/** A thread: its parent (if we have it) and replies, oldest first. */
export function threadOf(channel, ts) {
  return [...messagesOf(channel).values()]
    .filter((message) => (message.ts === ts || message.thread_ts === ts) && !state.dismissed.has(message.ts))
    .sort(byTime);
}
