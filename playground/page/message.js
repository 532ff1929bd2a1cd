// One message: author, time, text or blocks, attachments, files, reactions, thread line, and the toolbar on hover or focus.

import * as api from "./api.js";
import { renderBlocks } from "./blocks/index.js";
import { fileCard } from "./blocks/files.js";
import { attachments } from "./attachments.js";
import { messageContext } from "./context.js";
import { h } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { avatar, icon } from "./icons.js";
import { emojiNode, mrkdwn, timeNode } from "./mrkdwn.js";
import { open } from "./route.js";
import { emit, isReply, nameOf, state } from "./store.js";
import { tried } from "./toast.js";
import { toolbar } from "./toolbar.js";

const SYSTEM = new Set(["channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name",
    "channel_archive", "pinned_item", "bot_add", "group_join"]);

/** A row. `together`: the author stands above already. */
export function messageRow(message, { channel, together, inThread }) {
  const system = SYSTEM.has(message.subtype);
  const ctx = messageContext(channel, message);
  const marks = { together, ephemeral: message.ephemeral, system };
  const row = h("div", {
    class: ["message", ...Object.keys(marks).filter((mark) => marks[mark])].join(" "),
    role: "listitem", tabindex: "-1",
    "data-testid": "message", "data-ts": message.ts, "data-thread": message.thread_ts,
    "data-user": message.user, "data-ephemeral": String(Boolean(message.ephemeral)),
  },
  gutter(message, together),
  h("div", { class: "body" },
    head(message, together),
    message.broadcast && isReply(message) ? broadcastNote(message, channel) : null,
    content(message, ctx),
    (message.files || []).map((file) => fileCard(file, ctx)),
    reactions(message, channel),
    !inThread && message.reply_count ? threadLine(message, channel) : null,
    message.ephemeral ? dismissal(message, channel) : null));
  if (!message.ephemeral && !system) {
    row.append(toolbar(message, channel, inThread));
    row.addEventListener("keydown", (event) => shortcuts(event, row, message, channel));
  }
  return row;
}

const author = (message) => message.username || nameOf(message.user);
const byApp = (message) => Boolean(message.bot_id || state.users.get(message.user)?.is_bot);
const moment = (message) => timeNode(Math.floor(Number(message.ts)), "{time}", "");

function gutter(message, together) {
  const shown = together
    ? h("span", { class: "gutter-time" }, moment(message))
    : avatar(message.user, { name: author(message), isBot: byApp(message) });
  return h("div", { class: "gutter" }, shown);
}

function head(message, together) {
  if (together) return h("span", { class: "unseen" }, `${author(message)}: `);
  return [
    message.ephemeral ? h("p", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
    h("p", { class: "author" },
      h("span", { class: "author-name", dir: "auto" }, author(message)),
      byApp(message) ? h("span", { class: "app-badge" }, "APP") : null,
      h("span", { class: "when" }, moment(message))),
  ];
}

function broadcastNote(message, channel) {
  const go = () => open(channel, { thread: message.thread_ts });
  return h("button", { class: "broadcast-note", type: "button", on: { click: go } }, icon("reply"), "Also in a thread");
}

function dismissal(message, channel) {
  const away = () => dismiss(message, channel);
  return h("button", { class: "dismiss", type: "button", "data-testid": "dismiss", on: { click: away } }, "Dismiss message");
}

function content(message, ctx) {
  const edited = message.edited
    ? h("span", { class: "edited", "data-testid": "edited", title: "This message was edited" }, " (edited)") : null;
  const blocks = Array.isArray(message.blocks) && message.blocks.length;
  if (blocks) return [renderBlocks(message.blocks, ctx), attachments(message.attachments, ctx), edited];
  const text = message.text ? h("div", { class: "text message-text", dir: "auto" }, mrkdwn(message.text), edited) : edited;
  return [text, attachments(message.attachments, ctx)];
}

function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, message.reactions.map((each) => {
    const mine = each.users?.includes(state.me);
    const count = each.count ?? each.users?.length ?? 1;
    const who = (each.users || []).map(nameOf).join(", ");
    return h("button", { class: "reaction", type: "button", "aria-pressed": String(Boolean(mine)),
        "data-testid": `reaction-${each.name}`, title: `${who} · :${each.name}:`,
      "aria-label": `${each.name.replace(/_/g, " ")}, ${count}: ${who}`,
      on: { click: () => tried(() => api.react(state.me, channel, message.ts, each.name, !mine)) } },
    emojiFor(each.name) ? emojiNode(each.name) : h("span", {}, `:${each.name}:`),
      h("span", { class: "reaction-count" }, String(count)));
  }));
}

function threadLine(message, channel) {
  const count = message.reply_count;
  return h("button", { class: "thread-line", type: "button", "data-testid": "thread-line",
      on: { click: () => open(channel, { thread: message.ts }) } },
    h("span", { class: "thread-faces" }, (message.reply_users || []).slice(0, 4).map((id) => avatar(id, { small: true }))),
    h("span", { class: "thread-count" }, `${count} ${count === 1 ? "reply" : "replies"}`),
    message.latest_reply ? h("span", { class: "thread-last" }, "Last reply ",
      timeNode(Math.floor(Number(message.latest_reply)), "{ago}", "")) : null);
}

function dismiss(message, channel) {
  state.dismissed.add(message.ts);
  emit("messages", { channel });
  document.querySelector(message.thread_ts ? "[data-testid=thread-composer]" : "[data-testid=composer]")?.focus();
}

// T and R on a focused message, as people know them from elsewhere.
function shortcuts(event, row, message, channel) {
  if (event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "t" || event.key === "Enter") open(channel, { thread: message.thread_ts || message.ts });
  else if (event.key === "r") row.querySelector("[data-testid=react]")?.click();
  else return;
  event.preventDefault();
}
