// data_visualization: the drawing, its legend, and the same figures as a table for those who do not see it.

import { h } from "../dom.js";
import { draw, figure, summary, swatch } from "../charts.js";
import { kept } from "./kept.js";
import { bare } from "./words.js";

function visualization(block, ctx) {
  const chart = block.chart || {};
  const title = bare(block.title);
  const series = chart.type === "pie"
    ? (chart.segments || []).map((segment) => ({ name: segment.label, value: segment.value })) : chart.series || [];
  const stage = h("div", { class: "chart-stage" });
  let width = 0;
  const redraw = () => {
    const now = Math.round(stage.clientWidth) || 560;
    if (now === width) return;
    width = now;
    stage.replaceChildren(draw(chart, { width: now, label: summary(title, chart) }));
  };
  new ResizeObserver(redraw).observe(stage);
  redraw();
  const share = chart.type === "pie" ? series.reduce((sum, each) => sum + Number(each.value || 0), 0) : 0;
  const legend = series.length > 1 || chart.type === "pie"
    ? h("ul", { class: "legend" },
      series.map((each, at) => h("li", {}, swatch(at, chart.type), h("span", { dir: "auto" }, bare(each.name)),
        share ? h("span", { class: "legend-share" }, `${Math.round((100 * each.value) / share)} %`) : null)))
    : null;
  return h("figure", { class: "chart" },
    title && h("figcaption", { dir: "auto" }, title), legend, stage,
    kept(ctx, `chart ${title}`, "Show the figures", figures(chart)));
}

function figures(chart) {
  if (chart.type === "pie") {
    return table(["Part", "Value"], (chart.segments || []).map((segment) => [segment.label, figure(segment.value)]));
  }
  const series = chart.series || [];
  const labels = chart.axis_config?.categories || series[0]?.data?.map((point) => point.label) || [];
  return table([bare(chart.axis_config?.x_label) || "", ...series.map((each) => each.name)],
    labels.map((label, at) => [label, ...series.map((each) => figure(each.data?.[at]?.value))]));
}

function table(head, rows) {
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "The figures of the chart" },
    h("table", {},
    h("thead", {}, h("tr", {}, head.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first),
        rest.map((text) => h("td", { class: "align-right" }, text)))))));
}

export const visualizations = { data_visualization: visualization };
