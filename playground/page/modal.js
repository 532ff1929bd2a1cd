// Modals: the top of the view stack in one dialog, with what is wrong under each input.

import * as api from "./api.js";
import { renderBlocks } from "./blocks/index.js";
import { objections, showErrors } from "./blocks/inputs.js";
import { bare, words } from "./blocks/words.js";
import { viewContext } from "./context.js";
import { h, onceAFrame, put } from "./dom.js";
import { iconButton } from "./icons.js";
import { on, state } from "./store.js";
import { toast } from "./toast.js";

// What gets the focus in a new view: what the app asked for, else the first input, else a button.
const FIRST = [
  "[autofocus]",
  ...["input", "textarea", ".select", ".button"].map((each) => `.dialog-body ${each}`),
  "[data-testid=modal-submit]", "[data-testid=modal-close]",
].join(", ");
const alike = (one, other) => ["actionId", "blockId", "testid"].every((key) => one[key] === other[key]);

let dialog = null;
let shown = null; // the view on show
let opener = null; // where the focus was before the first modal

/** Keeps the dialog true to the stack. */
export function watchModals() {
  dialog = h("dialog", { class: "modal", "data-testid": "modal", "aria-labelledby": "modal-title" });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    shut();
  });
  document.body.append(dialog);
  on("views", onceAFrame(draw));
}

function draw() {
  const view = state.modals[state.modals.length - 1] ?? null;
  if (view === shown) return;
  if (!view) {
    shown = null;
    if (dialog.open) dialog.close();
    put(dialog);
    if (opener?.isConnected) opener.focus();
    else document.querySelector("[data-testid=composer]")?.focus();
    return;
  }
  const another = shown?.id !== view.id;
  const held = dialog.contains(document.activeElement) ? document.activeElement.dataset : null;
  const top = dialog.querySelector(".dialog-body")?.scrollTop || 0;
  if (!dialog.open) opener = document.activeElement;
  shown = view;
  dialog.dataset.viewId = view.id;
  put(dialog, content(view));
  if (!dialog.open) dialog.showModal();
  if (another) {
    dialog.querySelector(FIRST)?.focus();
  } else {
    dialog.querySelector(".dialog-body").scrollTop = top;
    const same = held && [...dialog.querySelectorAll("button, input, textarea, a")].find((node) => alike(node.dataset, held));
    (same || dialog.querySelector("[data-testid=modal-close]"))?.focus();
  }
}

function content(view) {
  const depth = state.modals.length;
  const trouble = h("p", { class: "modal-trouble", role: "alert", hidden: true });
  const submit = view.submit
    ? h("button", { class: "button primary", type: "submit", "data-testid": "modal-submit" }, words(view.submit))
    : null;
  const cancel = h("button", { class: "button", type: "button", "data-testid": "modal-close", on: { click: () => shut() } },
    words(view.close) || (submit ? "Cancel" : "Close"));
  const form = h("form", { novalidate: true, class: "modal-form" },
    h("header", { class: "dialog-head" },
      depth > 1 ? iconButton("back", "Back", () => shut(), { testid: "modal-back" }) : null,
      h("h2", { id: "modal-title", dir: "auto" }, bare(view.title) || "Modal"),
      depth > 1 ? h("span", { class: "unseen" }, `, page ${depth}`) : null,
      iconButton("close", "Close", () => shut(true), { testid: "modal-x" })),
    h("div", { class: "dialog-body" }, renderBlocks(view.blocks, viewContext(view)), trouble),
    h("footer", { class: "dialog-foot" }, cancel, submit));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(view, form, submit, trouble);
  });
  // Enter in a one-line box submits, as it does in Slack; in a box of many lines it breaks the line.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) form.requestSubmit();
  });
  return form;
}

async function send(view, form, submit, trouble) {
  const ctx = viewContext(view);
  trouble.hidden = true;
  const wrong = objections(view.blocks, ctx.values);
  if (Object.keys(wrong).length) {
    showErrors(form, wrong);
    return;
  }
  showErrors(form, {});
  submit.setAttribute("aria-busy", "true");
  submit.disabled = true;
  try {
    const answer = await api.submit(state.me, view.id, ctx.values.of(view.blocks));
    const lost = answer.errors ? showErrors(form, answer.errors) : {};
    const words = Object.values(lost).join(" ");
    if (words) say(trouble, words);
  } catch (error) {
    say(trouble, error.message);
  } finally {
    submit.removeAttribute("aria-busy");
    submit.disabled = false;
  }
}

function say(place, text) {
  place.hidden = false;
  place.textContent = text;
  place.scrollIntoView({ block: "nearest" });
}

/** Closes the top view; with `all` the whole stack, as the cross does. */
async function shut(all = false) {
  const view = shown;
  if (!view) return;
  try {
    await api.close(state.me, view.id, all);
  } catch (error) {
    toast(error.message);
    // The server no longer knows it: it is not kept on the screen either.
    state.modals = state.modals.filter((each) => each.id !== view.id);
    draw();
  }
}
