// Charts as SVG, drawn for the width they get. Series differ by colour, by dash or hatch, and by the shape of their points.

import { svg } from "./dom.js";

const HEIGHT = 220;
const EDGE = { top: 12, right: 14, bottom: 30, left: 52 };
const LETTER = 6.5; // px a character of the axis takes, about

/** 12345.6 → “12,346”; 0.0312 → “0.031”. */
export function figure(value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return "–";
  return new Intl.NumberFormat("en", { maximumFractionDigits: Math.abs(number) < 1 ? 3 : Math.abs(number) < 100 ? 1
      : 0 }).format(number);
}

const short = (value) => new Intl.NumberFormat("en",
  { notation: "compact", maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 }).format(value);
const bare = (value) => (value && typeof value === "object" ? String(value.text ?? "") : String(value ?? ""));

/** The chart in one or a few sentences. */
export function summary(title, chart) {
  if (chart.type === "pie") {
    const shares = (chart.segments || []).map((segment) => `${bare(segment.label)} ${figure(segment.value)}`);
    return `Pie chart: ${title}. ${shares.join(", ")}.`;
  }
  return `${chart.type} chart: ${title}. ${(chart.series || []).map(course).join(". ")}.`;
}

function course(series) {
  const values = (series.data || []).map((point) => Number(point.value));
  if (!values.length) return `${bare(series.name)}: no figures`;
  const [first, last] = [figure(values[0]), figure(values[values.length - 1])];
  const [low, high] = [figure(Math.min(...values)), figure(Math.max(...values))];
  return `${bare(series.name)}: from ${first} to ${last}, lowest ${low}, highest ${high}`;
}

/** The sign of series `at` in a legend. */
export function swatch(at, type) {
  const shape = type === "line" || type === "area"
    ? [svg("line", { x1: 1, y1: 7, x2: 23, y2: 7, class: `chart-line s${at}` }), point(12, 7, at)]
    : [svg("rect", { x: 5, y: 1, width: 12, height: 12, rx: 2, class: `chart-fill s${at}` })];
  return svg("svg", { viewBox: "0 0 24 14", class: "swatch", "aria-hidden": "true" }, shape);
}

/** The whole drawing. */
export function draw(chart, { width, label }) {
  const body = chart.type === "pie" ? pie(chart.segments || [], width) : axes(chart, width);
  return svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, class: "chart-svg",
      "data-chart": chart.type, role: "img", "aria-label": label }, body);
}

/** About four round steps from `low` to beyond `high`. */
export function ticks(low, high) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const first = Math.floor(low / step) * step;
  const out = [];
  for (let value = first; out.length < 12; value += step) {
    out.push(Number(value.toPrecision(12)));
    if (value >= high) break;
  }
  return out;
}

function axes(chart, width) {
  const series = chart.series || [];
  const labels = (chart.axis_config?.categories || series[0]?.data?.map((each) => each.label) || []).map(bare);
  const values = series.flatMap((each) => (each.data || []).map((one) => Number(one.value) || 0));
  const marks = ticks(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const yLabel = bare(chart.axis_config?.y_label);
  const xLabel = bare(chart.axis_config?.x_label);
  const box = { left: EDGE.left, right: width - EDGE.right, top: EDGE.top + (yLabel ? 14 : 0),
    bottom: HEIGHT - EDGE.bottom - (xLabel ? 14 : 0) };
  const y = (value) => box.bottom - ((value - low) / (high - low || 1)) * (box.bottom - box.top);
  const slot = (box.right - box.left) / Math.max(1, labels.length);
  const x = chart.type === "bar"
    ? (at) => box.left + slot * (at + 0.5)
    : (at) => (labels.length < 2 ? (box.left + box.right) / 2 : box.left + ((box.right - box.left) * at) / (labels.length - 1));
  const grid = marks.map((value) => [
    svg("line", { x1: box.left, x2: box.right, y1: y(value), y2: y(value), class: value === 0 ? "chart-zero" : "chart-grid" }),
    svg("text", { x: box.left - 8, y: y(value) + 4, class: "chart-text end" }, short(value)),
  ]);
  const below = under(labels, x, box.bottom + 18, width);
  const names = [
    yLabel && svg("text", { x: 4, y: 12, class: "chart-text axis-name" }, yLabel),
    xLabel && svg("text", { x: (box.left + box.right) / 2, y: HEIGHT - 6, class: "chart-text middle axis-name" }, xLabel),
  ];
  const shapes = chart.type === "bar" ? bars(series, x, y, slot) : lines(series, x, y, chart.type === "area");
  return [grid, below, names, shapes];
}

/** The labels beneath the axis, evenly thinned out until none touches its neighbour. */
function under(labels, x, y, width) {
  const half = (text) => (text.length * LETTER) / 2;
  const spots = labels.map((text, at) => Math.max(half(text), Math.min(x(at), width - half(text))));
  const clear = (every) => {
    const shown = labels.map((_, at) => at).filter((at) => at % every === 0);
    return shown.every((at, order) => !order
      || spots[at] - half(labels[at]) > spots[shown[order - 1]] + half(labels[shown[order - 1]]) + 6);
  };
  let every = 1;
  while (every < labels.length && !clear(every)) every += 1;
  return labels.map((text, at) => (at % every === 0 ? svg("text", { x: spots[at], y, class: "chart-text middle" }, text) : null));
}

const told = (each, one) => svg("title", {}, `${bare(each.name)}, ${bare(one.label)}: ${figure(one.value)}`);

function bars(series, x, y, slot) {
  const room = slot * 0.72;
  const thick = Math.min(46, room / Math.max(1, series.length));
  return series.map((each, row) => (each.data || []).map((one, at) => {
    const value = Number(one.value) || 0;
    const top = Math.min(y(value), y(0));
    const left = x(at) - (thick * series.length) / 2 + row * thick;
    return svg("rect", { x: left + 1, y: top, width: Math.max(1, thick - 2),
        height: Math.max(1, Math.abs(y(value) - y(0))), rx: 2, class: `chart-fill s${row}` }, told(each, one));
  }));
}

function lines(series, x, y, filled) {
  return series.map((each, row) => {
    const spots = (each.data || []).map((one, at) => [x(at), y(Number(one.value) || 0), one]);
    const path = spots.map(([left, top], at) => `${at ? "L" : "M"}${left.toFixed(1)} ${top.toFixed(1)}`).join("");
    const base = y(0).toFixed(1);
    return [
      filled && spots.length
        ? svg("path", { d: `${path}L${spots[spots.length - 1][0].toFixed(1)} ${base}L${spots[0][0].toFixed(1)} ${base}Z`,
          class: `chart-area s${row}` }) : null,
      svg("path", { d: path, class: `chart-line s${row}` }),
      spots.map(([left, top, one]) => svg("g", {}, told(each, one), point(left, top, row))),
    ];
  });
}

function point(left, top, at) {
  const name = { class: `chart-fill s${at}` };
  const r = 3.6;
  const polygon = (spots) => svg("polygon",
    { points: spots.map(([dx, dy]) => `${(left + dx * r).toFixed(1)},${(top + dy * r).toFixed(1)}`).join(" "), ...name });
  return [
    () => svg("circle", { cx: left, cy: top, r, ...name }),
    () => svg("rect", { x: left - r, y: top - r, width: 2 * r, height: 2 * r, ...name }),
    () => polygon([[0, -1.3], [1.2, 1], [-1.2, 1]]),
    () => polygon([[0, -1.4], [1.4, 0], [0, 1.4], [-1.4, 0]]),
    () => polygon([[0, 1.3], [1.2, -1], [-1.2, -1]]),
    () => svg("circle", { cx: left, cy: top, r: r - 0.6, class: `chart-ring s${at}` }),
  ][at % 6]();
}

function pie(segments, width) {
  const values = segments.map((segment) => Math.max(0, Number(segment.value) || 0));
  const total = values.reduce((sum, each) => sum + each, 0) || 1;
  const radius = HEIGHT / 2 - 14;
  const [cx, cy] = [Math.min(width / 2, radius + 40), HEIGHT / 2];
  let angle = -Math.PI / 2;
  return segments.map((segment, at) => {
    const turn = (2 * Math.PI * values[at]) / total;
    const from = angle;
    angle += turn;
    const title = svg("title", {}, `${bare(segment.label)}: ${figure(segment.value)}`);
    if (turn > 2 * Math.PI - 1e-6) return svg("circle", { cx, cy, r: radius, class: `chart-slice s${at}` }, title);
    const spot = (each) => `${(cx + radius * Math.cos(each)).toFixed(2)} ${(cy + radius * Math.sin(each)).toFixed(2)}`;
    return svg("path", { d: `M${cx} ${cy}L${spot(from)}A${radius} ${radius} 0 ${turn > Math.PI ? 1 : 0} 1 ${spot(angle)}Z`, class: `chart-slice s${at}` }, title);
  });
}

const MARKS = {
  pending: () => [svg("circle", { cx: 10, cy: 10, r: 6.5, class: "mark-ring dashed" })],
  in_progress: () => [svg("circle", { cx: 10, cy: 10, r: 6.5, class: "mark-ring faint" }),
    svg("path", { d: "M10 3.5a6.5 6.5 0 0 1 6.5 6.5", class: "mark-ring turning" })],
  complete: () => [svg("circle", { cx: 10, cy: 10, r: 7.5, class: "mark-full" }),
    svg("path", { d: "M6.500 10.200 9 12.700 13.700 7.600", class: "mark-sign" })],
  error: () => [svg("path", { d: "M6.900 2.500h6.200l4.400 4.400v6.200l-4.400 4.400H6.900L2.500 13.100V6.900z",
      class: "mark-full" }),
    svg("path", { d: "M7.200 7.200l5.600 5.600M12.800 7.200l-5.600 5.600", class: "mark-sign" })],
};

/** The sign of a step: an open ring, a turning arc, a tick in a disc, a cross in an octagon. The word stands beside it. */
export const statusMark = (status) => svg("svg", { viewBox: "0 0 20 20", class: `status-mark mark-${status}`,
    "aria-hidden": "true" }, MARKS[status]());
