// Where an element stands, so that pressing it reaches the right call.

import * as api from "./api.js";
import { Values } from "./blocks/values.js";
import { state } from "./store.js";
import { tried } from "./toast.js";

const values = new Map(); // message or view id → Values; choices survive an edit of the message

function valuesOf(id) {
  const key = `${state.me} ${id}`;
  if (!values.has(key)) values.set(key, new Values());
  return values.get(key);
}

const named = (item, blockId, what) => ({ action_id: item.action_id, block_id: blockId, ...what });

/** For the blocks of a message. */
export function messageContext(channel, message) {
  return {
    id: message.ts, surface: "message", values: valuesOf(message.ts),
    act: (item, blockId,
      what) => tried(() => api.click({ user: state.me, channel, ts: message.ts, ...named(item, blockId, what) })),
  };
}

/** For a modal's blocks and the home's. */
export function viewContext(view) {
  return {
    id: view.id, surface: view.type, values: valuesOf(view.id),
    act: (item, blockId, what) => tried(() => api.click({ user: state.me, view_id: view.id, ...named(item, blockId, what) })),
  };
}
