// table, and data_table with sorting and pages.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { richText } from "./richtext.js";
import { bare, words } from "./words.js";

function content(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  return words(cell);
}

function flat(cell) {
  if (cell?.type === "raw_number") return Number(cell.value);
  if (cell?.type === "rich_text") return (cell.elements || []).flatMap((one) => one.elements || []).map((one) => one.text
    || one.name || "").join("");
  return bare(cell);
}

const isNumber = (cell) => cell?.type === "raw_number";
const scroller = (label, table) => h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": label }, table);

function look(settings, column, cell) {
  const own = settings?.[column] || {};
  const align = ["left", "center", "right"].includes(own.align) ? own.align : isNumber(cell) ? "right" : "left";
  return `align-${align}${own.is_wrapped ? " wrapped" : ""}`;
}

function table(block) {
  const [head, ...rows] = block.rows || [];
  const settings = block.column_settings;
  return scroller("Table", h("table", {},
    h("thead", {}, h("tr", {},
        (head || []).map((cell, column) => h("th", { scope: "col", class: look(settings, column, rows[0]?.[column]) },
        content(cell))))),
    h("tbody", {}, rows.map((row) => h("tr", {},
        row.map((cell, column) => h("td", { class: look(settings, column, cell), dir: "auto" }, content(cell))))))));
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en", { numeric: true });
}

function dataTable(block) {
  const [head = [], ...rows] = block.rows || [];
  const size = Math.max(1, Math.min(100, block.page_size || 5));
  const rowHeader = block.row_header_column_index ?? -1;
  let page = 0;
  let sorted = null; // {column, down}
  const body = h("tbody");
  const heads = head.map((cell, column) => {
    const press = h("button", { class: "sort", type: "button", on: { click: () => sortBy(column) } }, content(cell),
      h("span", { class: "sort-mark", "aria-hidden": "true" }));
    return h("th", { scope: "col", class: look(null, column, rows[0]?.[column]), "aria-sort": "none" }, press);
  });
  const where = h("span", { class: "page-where", "aria-live": "polite" });
  const back = h("button", { class: "button icon-only quiet", type: "button", "aria-label": "Previous page",
      on: { click: () => turn(-1) } }, icon("back"));
  const on = h("button", { class: "button icon-only quiet", type: "button", "aria-label": "Next page",
      on: { click: () => turn(1) } }, icon("right"));

  const pages = () => Math.max(1, Math.ceil(rows.length / size));
  const turn = (step) => {
    page = Math.max(0, Math.min(pages() - 1, page + step));
    draw();
  };
  const sortBy = (column) => {
    sorted = { column, down: sorted?.column === column ? !sorted.down : false };
    page = 0;
    draw();
  };
  const draw = () => {
    const order = sorted
      ? [...rows].sort((one, other) => compare(flat(one[sorted.column]), flat(other[sorted.column])) * (sorted.down ? -1
        : 1)) : rows;
    body.replaceChildren(...order.slice(page * size, (page + 1) * size).map((row) => h("tr", {}, row.map((cell, column) =>
      h(column === rowHeader ? "th" : "td",
        { class: look(null, column, cell), scope: column === rowHeader ? "row" : null, dir: "auto" }, content(cell))))));
    heads.forEach((cell, column) => cell.setAttribute("aria-sort",
        sorted?.column === column ? (sorted.down ? "descending" : "ascending") : "none"));
    where.textContent = `Page ${page + 1} of ${pages()}, ${rows.length} rows`;
    back.disabled = page === 0;
    on.disabled = page >= pages() - 1;
  };
  draw();
  return h("div", { class: "data-table" },
    scroller(bare(block.caption) || "Table", h("table", {}, block.caption && h("caption", {}, words(block.caption)),
        h("thead", {}, h("tr", {}, heads)), body)),
    rows.length > size ? h("div", { class: "pages" }, back, where, on) : null);
}

export const tables = { table, data_table: dataTable };
