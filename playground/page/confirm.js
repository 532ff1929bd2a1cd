// The confirm dialog of an element: the page's own, before anything is sent.

import { h, uid } from "./dom.js";
import { words } from "./blocks/words.js";

/** Asks; true when confirmed. `spec` is Slack's confirm object {title, text, confirm, deny, style}. */
export function confirmed(spec) {
  return new Promise((resolve) => {
    const titleId = uid("confirm");
    const textId = uid("confirm-text");
    const style = spec.style === "danger" ? " danger" : " primary";
    const yes = h("button", { class: `button${style}`, type: "button", "data-testid": "confirm-ok" },
      words(spec.confirm || "Confirm"));
    const no = h("button", { class: "button", type: "button", "data-testid": "confirm-cancel" }, words(spec.deny || "Cancel"));
    const dialog = h("dialog", { class: "confirm", role: "alertdialog", "aria-labelledby": titleId,
        "aria-describedby": textId, "data-testid": "confirm" },
      h("h2", { id: titleId, dir: "auto" }, words(spec.title || "Are you sure?")),
      h("div", { class: "text", id: textId, dir: "auto" }, words(spec.text)),
      h("div", { class: "dialog-foot" }, no, yes));
    const done = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    yes.addEventListener("click", () => done(true));
    no.addEventListener("click", () => done(false));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      done(false);
    });
    document.body.append(dialog);
    dialog.showModal();
    // The safe answer has the focus: Enter on a dialog one did not expect must not destroy anything.
    no.focus();
  });
}
