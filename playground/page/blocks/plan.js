// plan and task_card: steps with a shape and a word for their status.

import { h, link } from "../dom.js";
import { kept } from "./kept.js";
import { statusMark } from "../charts.js";
import { richText } from "./richtext.js";
import { bare, words } from "./words.js";

const STATUS = { pending: "to do", in_progress: "under way", complete: "done", error: "failed" };

function task(item, ctx, tag = "div") {
  const status = STATUS[item.status] ? item.status : "pending";
  const more = [
    item.details && h("div", { class: "task-details" }, richTextOf(item.details)),
    item.output && h("div", { class: "task-output" }, richTextOf(item.output)),
    item.sources?.length && h("p", { class: "task-sources" }, "Sources: ",
      item.sources.map((source, at) => [at ? ", " : "", link(source.url, source.text || source.url)])),
  ].filter(Boolean);
  const head = h("span", { class: "task-head" },
    h("span", { class: "task-title", dir: "auto" }, words(item.title)), h("span", { class: "task-word" }, STATUS[status]));
  return h(tag, { class: `task-card status-${status}`, "data-task": item.task_id, "data-status": status },
    statusMark(status),
    more.length ? kept(ctx, `task ${item.task_id}`, head, h("div", { class: "task-more" }, more),
      { start: status === "error" || status === "in_progress", className: "task-unfold" }) : head);
}

const richTextOf = (value) => (value?.type === "rich_text" ? richText(value) : h("div", { class: "text", dir: "auto" },
    words(value)));

function plan(block, ctx) {
  const tasks = block.tasks || [];
  const done = tasks.filter((item) => item.status === "complete").length;
  const failed = tasks.filter((item) => item.status === "error").length;
  const count = `${done} of ${tasks.length} done${failed ? `, ${failed} failed` : ""}`;
  return h("section", { class: "plan", "aria-label": `${bare(block.title)}: ${count}` },
    h("div", { class: "plan-head" }, h("span", { class: "plan-title", dir: "auto" }, words(block.title)),
      h("span", { class: "plan-count" }, count)),
    h("ol", { class: "plan-tasks" }, tasks.map((item) => task(item, ctx, "li"))));
}

export const plans = { plan, task_card: task };
