// One action of one element: its confirm dialog, the sign that it is under way, the call.

import { confirmed } from "../confirm.js";

/** Runs `ctx.act` unless the confirm dialog is declined or the same node is already at it. */
export async function press(node, item, blockId, ctx, what) {
  if (node.getAttribute("aria-busy") === "true") return;
  if (item.confirm && !(await confirmed(item.confirm))) return;
  node.setAttribute("aria-busy", "true");
  try {
    await ctx.act(item, blockId, what);
  } finally {
    node.removeAttribute("aria-busy");
  }
}
