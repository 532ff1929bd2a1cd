// The markdown block: a safe subset of CommonMark with tables, as DOM nodes. HTML in it is text.

import { h, link } from "../dom.js";
import { emojiNode } from "../mrkdwn.js";

const FENCE = /^ {0,3}(```+|~~~+)\s*([\w+-]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** Nodes for the block. */
export function markdown(block) {
  return h("div", { class: "markdown text", dir: "auto" }, blocksOf(String(block.text ?? "").split("\n"), 0));
}

function blocksOf(lines, depth) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    const taken = FENCE.test(line) ? fence(lines, at, out)
      : HEADING.test(line) ? heading(line, out)
        : RULE.test(line) ? rule(out)
          : /^ {0,3}>/.test(line) && depth < 6 ? quote(lines, at, out, depth)
            : ITEM.test(line) && depth < 6 ? list(lines, at, out, depth)
              : line.includes("|") && TABLE_RULE.test(lines[at + 1] || "") ? table(lines, at, out)
                : line.trim() ? paragraph(lines, at, out) : 1;
    at += taken;
  }
  return out;
}

function fence(lines, at, out) {
  const [, mark, language] = FENCE.exec(lines[at]);
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
  out.push(h("pre", { class: "code-block", tabindex: "0", role: "region",
      "aria-label": `${language || "Preformatted"} text` }, lines.slice(at + 1, end).join("\n")));
  return end - at + 1;
}

function heading(line, out) {
  const [, marks, text] = HEADING.exec(line);
  // A message's headings stand beneath the page's own three levels.
  out.push(h(`h${Math.min(6, marks.length + 3)}`, { class: `md-h md-h${marks.length}` }, spans(text)));
  return 1;
}

function rule(out) {
  out.push(h("hr"));
  return 1;
}

function quote(lines, at, out, depth) {
  let end = at;
  while (end < lines.length && /^ {0,3}>/.test(lines[end])) end += 1;
  out.push(h("blockquote", {}, blocksOf(lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, "")), depth + 1)));
  return end - at;
}

function list(lines, at, out, depth) {
  const [, indent, mark] = ITEM.exec(lines[at]);
  const ordered = /\d/.test(mark);
  const node = h(ordered ? "ol" : "ul", { class: "md-list", start: ordered ? parseInt(mark, 10) : null });
  let end = at;
  while (end < lines.length) {
    const match = ITEM.exec(lines[end]);
    if (!match || match[1].length !== indent.length || /\d/.test(match[2]) !== ordered) break;
    let next = end + 1;
    while (next < lines.length && lines[next].trim() && /^\s*/.exec(lines[next])[0].length > indent.length) next += 1;
    const inner = lines.slice(end + 1, next);
    const cut = Math.min(...inner.map((line) => /^\s*/.exec(line)[0].length), 80);
    node.append(item(match[3], inner.map((line) => line.slice(cut)), depth));
    end = next;
  }
  out.push(node);
  return Math.max(1, end - at);
}

function item(text, inner, depth) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  const box = task && h("span", { class: "task-box", role: "img", "aria-label": task[1] === " " ? "to do:" : "done:" },
    task[1] === " " ? "☐ " : "☑ ");
  return h("li", { class: task ? "task" : null }, box, spans(task ? task[2] : text), blocksOf(inner, depth + 1));
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));

function table(lines, at, out) {
  const aligns = cells(lines[at + 1]).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : "left"));
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|") && lines[end].trim()) end += 1;
  const row = (line, tag) => h("tr", {},
    cells(line).slice(0,
    20).map((cell, column) => h(tag, { class: `align-${aligns[column] || "left"}`, scope: tag === "th" ? "col" : null },
    spans(cell))));
  out.push(h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", {}, h("thead", {}, row(lines[at], "th")),
      h("tbody", {}, lines.slice(at + 2, end).map((line) => row(line, "td"))))));
  return end - at;
}

function paragraph(lines, at, out) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && ![FENCE, HEADING, RULE, ITEM].some((shape) => shape.test(lines[end]))
    && !/^ {0,3}>/.test(lines[end])) end += 1;
  out.push(h("p", {}, lines.slice(at, end).flatMap((line, index) => [index ? h("br") : null,
      ...spans(line.trim())]).filter(Boolean)));
  return end - at;
}

const SPANS = [
  [/^\\([!-/:-@[-`{-~])/, (match) => match[1]],
  [/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/, (match) => h("code", {}, match[2])],
  [/^!\[([^\]\n]{0,300})\]\(([^()\s]{1,2000})\)/, (match) => link(match[2], match[1] || "picture")],
  [/^\[([^[\]\n]{1,500})\]\(([^()\s]{1,2000})\)/, (match, deep) => link(match[2], ...spans(match[1], deep))],
  [/^<(https?:\/\/[^\s<>]{1,2000})>/, (match) => link(match[1])],
  [/^https?:\/\/[^\s<>|`"]{1,2000}[^\s<>|`".,;:!?)\]}*_~']/, (match) => link(match[0])],
  [/^(\*\*|__)(?=\S)([^\n]{1,2000}?\S)\1/, (match, deep) => h("strong", {}, spans(match[2], deep))],
  [/^~~(?=\S)([^\n]{1,2000}?\S)~~/, (match, deep) => h("s", {}, spans(match[1], deep))],
  [/^\*(?=[^\s*])([^\n*]{0,2000}[^\s*])\*/, (match, deep) => h("em", {}, spans(match[1], deep))],
  [/^_(?=[^\s_])([^\n_]{0,2000}[^\s_])_(?!\w)/, (match, deep) => h("em", {}, spans(match[1], deep))],
  [/^:([a-z0-9_+'-]{1,60}):/, (match) => emojiNode(match[1])],
];

/** The inline nodes of one line. */
function spans(text, depth = 0) {
  const out = [];
  let buffer = "";
  let at = 0;
  while (at < text.length) {
    const word = at > 0 && /\w/.test(text[at - 1]);
    let used = 0;
    if (depth < 5 && /[\\`![<h*_~:]/.test(text[at]) && !(word && /[h_:]/.test(text[at]))) {
      const rest = text.slice(at, at + 4200);
      for (const [shape, make] of SPANS) {
        const match = shape.exec(rest);
        const node = match && make(match, depth + 1);
        if (!node) continue;
        if (buffer) out.push(buffer);
        buffer = "";
        out.push(node);
        used = match[0].length;
        break;
      }
    }
    if (!used) buffer += text[at];
    at += used || 1;
  }
  if (buffer) out.push(buffer);
  return out;
}
