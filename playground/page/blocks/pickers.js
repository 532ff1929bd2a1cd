// Date, time, and date with time: the browser's own pickers, in the zone of the person acted as.

import { h } from "../dom.js";
import { me } from "../store.js";
import { unixOf, wallClock } from "../zones.js";
import { press } from "./press.js";
import { bare } from "./words.js";

function picker(item, blockId, ctx, marks, { type, first, read, write }) {
  const kept = ctx.values.start(blockId, item, first ?? null);
  const node = h("input", { class: "field-input picker", type, "aria-label": ctx.label ? null : bare(item.placeholder)
      || "Pick", id: ctx.inputId, ...marks });
  if (kept !== null) node.value = write(kept);
  node.addEventListener("change", async () => {
    const value = node.value ? read(node.value) : null;
    ctx.values.set(blockId, item, value);
    if (ctx.acts !== false) await press(node, item, blockId, ctx, { selected: value });
  });
  return node;
}

const same = (value) => value;

export const pickers = {
  datepicker: (item, blockId, ctx, marks) =>
    picker(item, blockId, ctx, marks, { type: "date", first: item.initial_date, read: same, write: same }),
  timepicker: (item, blockId, ctx, marks) =>
    picker(item, blockId, ctx, marks, { type: "time", first: item.initial_time, read: (value) => value.slice(0, 5),
        write: same }),
  datetimepicker: (item, blockId, ctx, marks) =>
    picker(item, blockId, ctx, marks, {
      type: "datetime-local", first: item.initial_date_time,
      read: (value) => unixOf(value, item.timezone || me()?.tz), write: (unix) => wallClock(unix, item.timezone || me()?.tz),
    }),
};
