// What the composer offers while one types: commands and what they take, people, channels, emoji.

import { h, uid } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { avatar, icon } from "./icons.js";
import { myChannels, state } from "./store.js";

const MOST = 8;

/** “health [part] | logs <source> | help” → [{word: "health", rest: "[part]"}…]. */
export function subcommands(hint) {
  const seen = new Set();
  const bare = String(hint || "").trim().replace(/^\[([^[\]]*\|[^[\]]*)\]$/, "$1");
  return bare.split(/\s*[|,\n]\s*/).map((part) => /^([a-z][\w-]*)\s*(.*)$/i.exec(part.trim()))
    .filter((match) => match && !seen.has(match[1]) && seen.add(match[1])).map((match) => ({ word: match[1], rest: match[2] }));
}

function commands(part) {
  return state.commands.filter((each) => each.command.startsWith(part))
    .map((each) => ({ insert: `${each.command} `, label: each.command, hint: each.usage_hint, note: each.description,
        picture: () => icon("bolt") }));
}

function people(part) {
  const found = [...state.users.values()].filter((user) => [user.name,
      ...(user.real_name || "").split(" ")].some((word) => word.toLowerCase().startsWith(part)));
  const all = found.map((user) => ({ insert: `@${user.name} `, label: `@${user.name}`,
      note: [user.real_name, user.is_bot ? "app" : user.role].filter(Boolean).join(" · "),
    picture: () => avatar(user.id, { small: true }) }));
  const wide = ["here", "channel"].filter((word) => part
    && word.startsWith(part)).map((word) => ({ insert: `@${word} `, label: `@${word}`, note: "Notifies everybody",
      picture: () => icon("bolt") }));
  return [...all.sort((one, other) => Number(other.note.endsWith("app")) - Number(one.note.endsWith("app"))), ...wide];
}

const rooms = (part) => myChannels().filter((channel) => !channel.is_im && channel.name.startsWith(part))
  .map((channel) => ({ insert: `#${channel.name} `, label: `#${channel.name}`, note: channel.topic,
      picture: () => icon(channel.is_private ? "lock" : "hash") }));

const faces = (part) => [...EMOJI].filter(([name]) => name.startsWith(part)).map(([name,
    char]) => ({ insert: `:${name}: `, label: `:${name}:`, picture: () => h("span", { class: "emoji" }, char) }));

/** What fits at the caret: {from, items, eager, command?}; `eager`: the first one is taken by Enter. */
export function offers(text, caret) {
  const before = text.slice(0, caret);
  const slash = /^\/\S*$/.exec(before);
  if (slash) return { from: 0, items: commands(before), eager: true,
    command: state.commands.find((each) => each.command === before) };
  const sub = /^(\/\S+)\s+(\S*)$/.exec(before);
  const command = /^\//.test(text) ? state.commands.find((each) => text.startsWith(`${each.command} `)) : null;
  if (sub && command) {
    const items = subcommands(command.usage_hint).filter((each) => each.word.startsWith(sub[2]))
      .map((each) => ({ insert: `${each.word} `, label: `${command.command} ${each.word}`, hint: each.rest,
          picture: () => icon("bolt") }));
    return { from: caret - sub[2].length, items, eager: false, command };
  }
  for (const [shape, find] of [[/(?:^|\s)@([\w.-]*)$/, people], [/(?:^|\s)#([\w-]*)$/, rooms],
      [/(?:^|\s):([a-z0-9_+-]{2,})$/, faces]]) {
    const match = shape.exec(before);
    if (match) return { from: caret - match[1].length - 1, items: find(match[1].toLowerCase()), eager: true, command };
  }
  return { from: caret, items: [], eager: false, command };
}

/** The list over a text box; `usage` shows the hint of the command being typed. */
export class Completion {
  constructor(box, frame, usage) {
    Object.assign(this, { box, usage, offer: null, active: -1, shut: "" });
    this.id = uid("complete");
    this.list = h("ul", { class: "completion", role: "listbox", id: this.id, "aria-label": "Suggestions",
        "data-testid": "autocomplete", hidden: true });
    frame.append(this.list);
    box.setAttribute("aria-controls", this.id);
  }

  get open() {
    return !this.list.hidden;
  }

  look() {
    const { box } = this;
    const offer = offers(box.value, box.selectionStart);
    this.usage.hidden = !offer.command?.usage_hint;
    this.usage.textContent = offer.command ? `${offer.command.command} ${offer.command.usage_hint || ""}` : "";
    const typed = box.value.slice(offer.from, box.selectionStart);
    const only = offer.items.length === 1 && offer.items[0].insert.trim() === typed;
    if (!offer.items.length || document.activeElement !== box || this.shut === box.value
      || (only && !offer.items[0].hint && !offer.items[0].note)) {
      this.close();
      return;
    }
    this.shut = "";
    this.offer = offer;
    this.active = offer.eager ? 0 : -1;
    this.draw();
  }

  draw() {
    const items = this.offer.items.slice(0, MOST);
    this.list.hidden = false;
    this.list.replaceChildren(...items.map((item, at) => h("li", {
      class: `suggestion${at === this.active ? " active" : ""}`, role: "option", id: `${this.id}-${at}`,
        "aria-selected": String(at === this.active), "data-suggestion": item.insert.trim(),
      on: { mousedown: (event) => { event.preventDefault(); this.take(item); this.box.dispatchEvent(new Event("input")); } },
    }, h("span", { class: "suggestion-picture" }, item.picture()), h("span", { class: "suggestion-words" },
      h("span", {}, h("strong", {}, item.label), item.hint ? h("span", { class: "suggestion-hint" }, ` ${item.hint}`)
        : null), item.note ? h("span", { class: "suggestion-note" }, item.note) : null))));
    this.box.setAttribute("aria-activedescendant", this.active < 0 ? "" : `${this.id}-${this.active}`);
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.list.hidden = true;
    this.offer = null;
    this.box.removeAttribute("aria-activedescendant");
  }

  take(item) {
    const { box, offer } = this;
    const after = box.value.slice(box.selectionStart);
    const before = box.value.slice(0, offer.from) + item.insert;
    box.value = before + after.replace(/^\s/, "");
    box.setSelectionRange(before.length, before.length);
    this.close();
  }

  /** Handles a key while the list is open: "text" when it changed the text, "list" when only the list, null when not its own. */
  key(event) {
    if (!this.open) return null;
    let did = "text";
    const items = this.offer.items.slice(0, MOST);
    const item = items[this.active];
    const typed = this.box.value.slice(this.offer.from, this.box.selectionStart);
    if (event.key === "Escape") {
      this.shut = this.box.value;
      this.close();
      did = "list";
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = (Math.max(this.active, step > 0 ? -1 : 0) + step + items.length) % items.length;
      this.draw();
      did = "list";
    } else if (event.key === "Tab" && !event.shiftKey) this.take(item || items[0]);
    // Enter sends what is complete; it completes only what is not.
    else if (event.key === "Enter" && !event.shiftKey && item && item.insert.trim() !== typed) this.take(item);
    else return null;
    event.preventDefault();
    return did;
  }
}
