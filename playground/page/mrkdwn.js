// Slack's mrkdwn as DOM nodes. Linear in the length of the text, and at most four levels deep, whatever is in it.

import { h, link } from "./dom.js";
import { formatDate } from "./dates.js";
import { emojiFor } from "./emoji.js";
import { me, state } from "./store.js";

const MARKS = { "*": ["bold", "strong"], _: ["italic", "em"], "~": ["strike", "s"] };
const WORD = /[\p{L}\p{N}]/u;

/** Undoes Slack's three entities; nothing else is one. */
export const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/** Nodes for a whole text: fences, quotes, then what stands in lines. `verbatim`: a bare address stays text (text object). */
export function mrkdwn(text, verbatim = false) {
  const out = document.createDocumentFragment();
  for (const piece of String(text ?? "").split(/(```[\s\S]+?```)/)) {
    if (piece.length > 6 && piece.startsWith("```") && piece.endsWith("```")) {
      out.append(h("pre", { class: "code-block" }, plain(piece.slice(3, -3).replace(/^\n|\n$/g, ""))));
    } else if (piece) quotes(piece, out, verbatim ? "h" : "");
  }
  return out;
}

function quotes(text, out, active) {
  const lines = text.split("\n");
  // A newline beside a fence or a quote belongs to its edge and is not an empty line.
  if (out.lastChild && lines.length > 1 && lines[0] === "") lines.shift();
  let group = [];
  let quoted = false;
  const flush = () => {
    if (!group.length) return;
    const body = inline(group.join("\n"), active);
    out.append(quoted ? h("blockquote", { dir: "auto" }, body) : h("span", { class: "run", dir: "auto" }, body));
    group = [];
  };
  for (const line of lines) {
    const match = /^(?:&gt;|>)(?:(?:&gt;|>){2})? ?/.exec(line);
    if (Boolean(match) !== quoted) {
      flush();
      quoted = Boolean(match);
    }
    group.push(match ? line.slice(match[0].length) : line);
  }
  flush();
}

/** Nodes for text without fences or quotes. `active`: marks already open, which do not open again; with an h no bare address is a link. */
export function inline(text, active = "") {
  const out = document.createDocumentFragment();
  const hopeless = {}; // mark → end of the line in which no closing one is left
  let buffer = "";
  const flush = () => {
    if (buffer) out.append(unescape(buffer));
    buffer = "";
  };
  const add = (node, length) => {
    flush();
    out.append(node);
    return length;
  };
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    let used = 0;
    if (char === "<") used = takeControl(text, at, add, out.childNodes.length === 0 && !buffer.trim());
    else if (char === "`") used = takeCode(text, at, add);
    else if (MARKS[char] && !active.includes(char)) used = takeMark(text, at, active, hopeless, add);
    else if (char === ":") used = takeEmoji(text, at, add);
    else if (char === "h" && !active.includes("h") && text.startsWith("http", at)) used = takeUrl(text, at, add);
    else if (char === "\n") used = add(h("br"), 1);
    if (!used) {
      buffer += char;
      used = 1;
    }
    at += used;
  }
  flush();
  return out;
}

function takeControl(text, at, add, start) {
  const end = text.indexOf(">", at);
  if (end < 0 || end === at + 1) return 0;
  const body = text.slice(at + 1, end);
  if (/[<\n]/.test(body)) return 0;
  const node = control(body, start);
  return node ? add(node, end - at + 1) : 0;
}

function control(body, start) {
  const bar = body.indexOf("|");
  const head = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? "" : unescape(body.slice(bar + 1));
  if (/^@[UWB][A-Z0-9]+$/.test(head)) return mention(head.slice(1), label);
  if (/^#[CG][A-Z0-9]+$/.test(head)) return channelLink(head.slice(1), label);
  if (/^!(here|channel|everyone)$/.test(head)) return broadcast(head.slice(1));
  if (head.startsWith("!subteam^")) return usergroup(head.slice(9), label);
  if (head.startsWith("!date^")) return dateOf(head, label, start);
  if (/^(https?:\/\/|mailto:|tel:)/i.test(head)) return link(unescape(head), label || unescape(head).replace(/^mailto:/, ""));
  return null;
}

export function mention(id, label = "") {
  const known = state.users.get(id);
  const mine = id === state.me ? " mine" : "";
  return h("span", { class: `mention${mine}`, "data-user": id, dir: "auto" }, `@${known ? known.name : label || id}`);
}

export function channelLink(id, label = "") {
  const known = state.channels.get(id);
  const name = `#${known ? known.name : label || "private channel"}`;
  if (!known) return h("span", { class: "mention" }, name);
  return h("a", { class: "mention", href: `#/${me()?.name}/${known.name}` }, name);
}

export const broadcast = (range) => h("span", { class: "mention broadcast" }, `@${range}`);
export const usergroup = (id, label = "") => h("span", { class: "mention", "data-group": id },
  `@${state.groups.get(id)?.handle || label.replace(/^@/, "") || id}`);

function dateOf(head, label, capital) {
  const [, unix, format, url] = head.split("^");
  return timeNode(unix, unescape(format || "{date_short_pretty} {time}"), label, { capital, url });
}

/** A `<time>` in the reader's zone; the fallback where the moment cannot be read. */
export function timeNode(unix, format, fallback, { capital = false, url = null } = {}) {
  const shown = /^-?\d+(\.\d+)?$/.test(String(unix)) ? formatDate(unix, format, me()?.tz, { capital }) : null;
  if (shown === null) return h("span", {}, fallback || "");
  const node = h("time", {
    datetime: new Date(Number(unix) * 1000).toISOString(),
    title: `${formatDate(unix, "{date_long} {time_secs}", me()?.tz)} (${me()?.tz || "UTC"})`,
    "data-unix": unix, "data-format": format, "data-capital": capital,
  }, shown);
  return url ? link(unescape(url), node) : node;
}

/** Refreshes what depends on now: “3 minutes ago”, “today”. */
export function refreshTimes(root = document) {
  for (const node of root.querySelectorAll("time[data-format]")) {
    const shown = formatDate(node.dataset.unix, node.dataset.format, me()?.tz, { capital: "capital" in node.dataset });
    if (shown !== node.textContent) node.textContent = shown;
  }
}

function takeCode(text, at, add) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return 0;
  const body = text.slice(at + 1, end);
  if (body.includes("\n")) return 0;
  return add(h("code", {}, plain(body)), end - at + 1);
}

// In code nothing is formatted, but Slack's own control sequences are still read as what they say.
function plain(text) {
  return unescape(text.replace(/<([^<>\n|]+)(?:\|([^<>\n]*))?>/g, (whole, head, label) => {
    if (/^(https?:\/\/|mailto:)/i.test(head)) return label || head;
    if (/^@[UWB]/.test(head)) return `@${state.users.get(head.slice(1))?.name || label || head.slice(1)}`;
    return /^[#!]/.test(head) && label ? label : whole;
  }));
}

function takeMark(text, at, active, hopeless, add) {
  const mark = text[at];
  const before = at ? text[at - 1] : " ";
  const after = text[at + 1] ?? " ";
  if (WORD.test(before) || /\s/.test(after) || after === mark || (hopeless[mark] ?? -1) > at) return 0;
  for (let end = at + 1; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] === "`") {
      const close = text.indexOf("`", end + 1);
      if (close > 0 && !text.slice(end, close).includes("\n")) end = close;
      continue;
    }
    if (text[end] !== mark || end === at + 1) continue;
    if (/\s/.test(text[end - 1]) || WORD.test(text[end + 1] ?? " ")) continue;
    const [name, tag] = MARKS[mark];
    return add(h(tag, { class: name }, inline(text.slice(at + 1, end), active + mark)), end - at + 1);
  }
  const line = text.indexOf("\n", at);
  hopeless[mark] = line < 0 ? text.length : line;
  return 0;
}

/** An emoji as people see it, with its name for those who do not; null when unknown. */
export function emojiNode(name) {
  const char = emojiFor(name);
  return char && h("span", { class: "emoji", role: "img", "aria-label": `${name.replace(/_/g, " ")} emoji`,
      title: `:${name}:` }, char);
}

function takeEmoji(text, at, add) {
  const match = /^:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/.exec(text.slice(at, at + 80));
  const node = match && emojiNode(match[1]);
  return node ? add(node, match[0].length) : 0;
}

function takeUrl(text, at, add) {
  if (at && WORD.test(text[at - 1])) return 0;
  const match = /^https?:\/\/[^\s<>|`"]+/.exec(text.slice(at, at + 3000));
  if (!match) return 0;
  const url = match[0].replace(/[.,;:!?)\]}*_~']+$/, "");
  return add(link(unescape(url)), url.length);
}

/** The text without marks, for announcements and titles. */
export function flat(text) {
  const holder = h("div", {}, mrkdwn(text));
  return holder.textContent;
}
