// Text objects, in whatever of Slack's forms they come.

import { h } from "../dom.js";
import { emojiNode, inline, mrkdwn } from "../mrkdwn.js";

/** Emoji drawn, nothing else read: Slack's plain_text. */
export function plain(text, emoji = true) {
  if (!emoji) return document.createTextNode(String(text ?? ""));
  const out = document.createDocumentFragment();
  for (const piece of String(text ?? "").split(/(:[a-z0-9_+'-]{1,60}:)/)) {
    const node = /^:[^:]+:$/.test(piece) ? emojiNode(piece.slice(1, -1)) : null;
    out.append(node || piece);
  }
  return out;
}

/** Nodes for a string or a text object (plain_text, mrkdwn, raw_text, raw_number). */
export function words(value, { oneLine = false } = {}) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return plain(value);
  if (value.type === "mrkdwn") {
    return oneLine ? inline(String(value.text ?? ""), value.verbatim ? "h" : "") : mrkdwn(value.text, value.verbatim === true);
  }
  return plain(value.text, value.emoji !== false);
}

/** The bare characters of a string or a text object. */
export const bare = (value) => (value && typeof value === "object" ? String(value.text ?? "") : String(value ?? ""));

/** A picture with its alternative text. Pictures from elsewhere are not fetched: the page asks nobody but its server. */
export function picture(url, alt, name = "picture") {
  const ours = /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(url || "") || new URL(url || "",
    location.href).origin === location.origin;
  if (ours && url) return h("img", { class: name, src: url, alt: alt || "", loading: "lazy" });
  return h("span", { class: `${name} absent`, role: "img", "aria-label": alt || "Picture from elsewhere" },
    alt || "Picture from elsewhere");
}
