// The address: #/person/channel[/thread], so that a tab can be kept, shared, or opened for another person.

import { become } from "./session.js";
import { emit, findChannel, me, myChannels, state } from "./store.js";
import { markRead } from "./unread.js";

/** {user, channel, thread} of the address; the user an id, Ana where it names nobody. */
export function readRoute() {
  const [name, channel, thread] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const people = [...state.users.values()].filter((user) => !user.is_bot);
  const user = people.find((each) => each.name === name || each.id === name)
    || people.find((each) => each.name === "ana") || people[0];
  return { user: user?.id, channel: channel || null, thread: thread || null };
}

const keyOf = (channel) => (channel?.is_im ? "dm" : channel?.name);

function byKey(key) {
  return key === "dm" ? myChannels().find((channel) => channel.is_im) : key && findChannel(key);
}

function address() {
  const channel = state.channels.get(state.channel);
  const parts = [me()?.name, keyOf(channel), state.thread].filter(Boolean).map(encodeURIComponent);
  return `#/${parts.join("/")}`;
}

/** Opens what the address names, and from then on whatever it changes to. */
export function follow() {
  const apply = async () => {
    const route = readRoute();
    if (route.user && route.user !== state.me) await become(route.user);
    const channel = byKey(route.channel) || findChannel("ops") || myChannels().find((each) => !each.is_im) || myChannels()[0];
    if (channel) open(channel.id, { thread: route.thread });
  };
  window.addEventListener("hashchange", () => {
    if (location.hash !== address()) apply();
  });
  return apply();
}

/** Opens a channel, and a thread in it. */
export function open(channel, { thread = null } = {}) {
  const moved = channel !== state.channel;
  state.channel = channel;
  if (thread) {
    state.thread = thread;
    state.pane = "thread";
  } else if (state.pane === "thread") {
    state.thread = null;
    state.pane = null;
  }
  if (moved) state.tab = "messages";
  if (location.hash !== address()) history[moved ? "pushState" : "replaceState"](null, "", address());
  document.getElementById("app").classList.remove("sidebar-open");
  markRead(channel);
  emit("route");
  // On a telephone the focus would bring up the keyboard over what one came to read.
  if (moved && !thread && matchMedia("(min-width: 721px)").matches) document.querySelector("[data-testid=composer]")?.focus();
}

/** Acts as another person, staying in the channel where that person can see it. */
export async function actAs(user) {
  const key = keyOf(state.channels.get(state.channel));
  state.pane = state.pane === "thread" ? null : state.pane;
  state.thread = null;
  await become(user);
  open((byKey(key) || findChannel("ops") || myChannels()[0]).id);
}

/** Opens or closes the control panel or the inspector. */
export function toggle(kind) {
  state.pane = state.pane === kind ? null : kind;
  state.thread = null;
  if (location.hash !== address()) history.replaceState(null, "", address());
  emit("route");
}
