// Files: the file block, and what is attached to a message, with a preview of text.

import { h, safeUrl } from "../dom.js";
import { icon } from "../icons.js";
import { kept } from "./kept.js";
import { picture } from "./words.js";

const SHORT = 12; // lines shown before "Show all"

/** 1,234,567 → “1.2 MB”. */
export function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const steps = ["bytes", "kB", "MB", "GB"];
  const step = Math.min(steps.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${step ? (bytes / 1000 ** step).toFixed(1) : bytes} ${steps[step]}`;
}

const fileBlock = (block) => h("p", { class: "file-chip" }, icon("file"), `Remote file ${block.external_id}`);

function preview(file, ctx) {
  if (/^image\//.test(file.mimetype || "") && file.url) return picture(file.url, file.title || file.name, "file-image");
  if (typeof file.preview !== "string" || !file.preview) return null;
  const lines = file.preview.replace(/\n$/, "").split("\n");
  const pre = (text) => h("pre", { class: "code-block file-preview", tabindex: "0", role: "region",
      "aria-label": `Beginning of ${file.name}` }, text);
  if (lines.length <= SHORT) return pre(lines.join("\n"));
  return [pre(lines.slice(0, SHORT).join("\n")), kept(ctx, `file ${file.id}`, `Show ${lines.length - SHORT} more lines`,
      pre(lines.slice(SHORT).join("\n")))];
}

/** A card for one attached file. */
export function fileCard(file, ctx) {
  const url = file.url && safeUrl(file.url);
  return h("div", { class: "file-card", "data-file": file.id },
    h("div", { class: "file-head" }, icon("file"),
      h("span", { class: "file-words" }, h("span", { class: "file-name", dir: "auto" }, file.title || file.name),
        h("span", { class: "file-note" }, [file.title && file.title !== file.name ? file.name : null, file.mimetype,
          size(file.size)].filter(Boolean).join(" · "))),
      url && h("a", { class: "button icon-only quiet", href: url, download: file.name || "",
          "aria-label": `Download ${file.name}`, title: "Download" }, icon("download"))),
    preview(file, ctx));
}

export const files = { file: fileBlock };
