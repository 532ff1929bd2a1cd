// The box one writes in. Enter sends, Shift+Enter breaks the line, ↑ in an empty box brings back what was sent before.

import * as api from "./api.js";
import { Completion } from "./completion.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popup.js";
import { bot, me, on, state } from "./store.js";
import { toast, tried } from "./toast.js";

const drafts = new Map(); // person, channel and thread → text
const sent = []; // what was sent from this tab, newest last

function placeholder(place) {
  if (place.thread) return "Reply…";
  const channel = state.channels.get(place.channel);
  if (!channel) return "Message";
  if (channel.is_archived) return `#${channel.name} is archived`;
  return channel.is_im ? `Message ${bot()?.real_name || "the app"}` : `Message #${channel.name}`;
}

/** {node, moved()}: `place()` gives {channel, thread?}; `moved` is called when that changed. */
export function composer({ testid, sendId, place, focus = false }) {
  const box = h("textarea", { class: "composer-box", rows: "1", "data-testid": testid, "data-focus": focus, dir: "auto",
      spellcheck: "true", autocomplete: "off", enterkeyhint: "send", "aria-autocomplete": "list" });
  const submit = h("button", { class: "send", type: "button", "data-testid": sendId, "aria-label": "Send", title: "Send",
      disabled: true }, icon("send"));
  const quick = h("button", { class: "tool", type: "button", "aria-label": "Shortcuts", title: "Shortcuts",
      "data-testid": `${testid}-shortcuts`, "aria-haspopup": "menu" }, icon("bolt"));
  const hint = h("p", { class: "usage", "data-testid": "usage", hidden: true });
  const node = h("div", { class: "composer" },
    h("div", { class: "composer-frame" }, box, h("div", { class: "composer-tools" }, quick, hint, submit)));
  const completion = new Completion(box, node.firstChild, hint);
  let key = null;
  let recalled = 0;

  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, window.innerHeight * 0.4)}px`;
  };
  const put = (text) => {
    box.value = text;
    box.setSelectionRange(text.length, text.length);
    changed();
  };
  const changed = () => {
    drafts.set(key, box.value);
    submit.disabled = !box.value.trim();
    grow();
    completion.look();
  };
  const send = async () => {
    const text = box.value.trim();
    if (!text) return;
    const { channel, thread } = place();
    const [user, from] = [state.me, key];
    sent.push(text);
    recalled = 0;
    put("");
    completion.close();
    box.focus();
    const answer = await tried(() => api.say(user, channel, text, thread));
    // The grey line stands in the channel; who writes in a thread may not see it there.
    if (answer?.failed && thread) toast(String(answer.failed));
    if (answer === null && !drafts.get(from)) {
      // Refused: the words are given back, so that nothing typed is lost.
      drafts.set(from, text);
      if (key === from) put(text);
    }
  };
  const recall = (step) => {
    const next = Math.max(0, Math.min(sent.length, recalled + step));
    if (next === recalled) return false;
    recalled = next;
    put(recalled ? sent[sent.length - recalled] : "");
    completion.close();
    return true;
  };
  box.addEventListener("input", () => { recalled = 0; changed(); });
  box.addEventListener("click", () => completion.look());
  box.addEventListener("blur", () => completion.close());
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const taken = completion.key(event);
    if (taken === "text") changed();
    if (taken) return;
    const browsing = recalled > 0 || !box.value;
    if (event.key === "Enter" && !event.shiftKey) send();
    else if (event.key === "ArrowUp" && browsing && recall(1)) { /* done */ }
    else if (event.key === "ArrowDown" && recalled > 0 && recall(-1)) { /* done */ }
    else return;
    event.preventDefault();
  });
  submit.addEventListener("click", send);
  quick.addEventListener("click", () => shortcuts(quick, box));

  const moved = () => {
    const here = place();
    const closed = Boolean(state.channels.get(here.channel)?.is_archived);
    box.disabled = closed;
    quick.disabled = closed;
    const next = `${state.me} ${here.channel} ${here.thread || ""}`;
    const words = placeholder(here);
    box.placeholder = words;
    box.setAttribute("aria-label", `${words} as ${me()?.real_name || "nobody"}`);
    if (next === key) return;
    key = next;
    put(drafts.get(key) || "");
    completion.close();
  };
  on("state", () => key && node.isConnected && moved());
  return { node, moved };
}

function shortcuts(anchor, box) {
  const own = state.shortcuts.filter((each) => each.type === "global").map((each) => ({
    label: each.name, note: each.description || null, testid: `shortcut-${each.callback_id}`,
    run: () => tried(() => api.shortcut({ user: state.me, callback_id: each.callback_id })),
  }));
  const commands = state.commands.map((each) => ({
    label: each.command, note: each.description || null,
    run: () => {
      box.value = `${each.command} `;
      box.focus();
      box.dispatchEvent(new Event("input"));
    },
  }));
  openMenu(anchor, [...own, ...commands], { label: "Shortcuts", above: true });
}
