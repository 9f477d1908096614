import { quantileSorted, ticks } from "d3-array";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import type { Drawn, Key } from "./drawn";
import type { Contrast, ContrastMeasure } from "./picture";
import { cut, dot, drawing, fits, line, rect, text } from "./svg";
import { axis, differenceText, differenceUnit, signed, ticksOf, tickText, valueText } from "./units";

const strip = 42, interval = 52;

/** drawContrast draws one panel a measure; only is the name of one, or "" for all. */
export function drawContrast(c: Contrast, width: number, only: string): Drawn {
  const measures = (c.measures ?? []).filter((m) => !only || m.name === only);
  const mean = (m: ContrastMeasure, v: number | undefined) => (v === undefined ? "" : valueText(v, m.unit));
  const head = ["Measure", c.first, c.second, "Difference"];
  const rows = measures.map((m) => [m.label, `${mean(m, m.first_mean)} (${m.first?.length ?? 0} nights)`, `${mean(m, m.second_mean)} (${m.second?.length ?? 0} nights)`, found(m)]);
  if (!measures.length) return { head, rows, empty: "No nights to compare." };

  const room = 142, narrow = width < 520 || ![c.first, c.second].every((label) => linesOf(label).every((l) => fits(l, room)));
  const name = narrow ? 14 : 0; // above a strip
  const left = narrow ? 4 : room + 8, right = width - 58, panel = 24 + 2 * (strip + name) + 26 + (narrow ? 16 : 0);
  const height = (m: ContrastMeasure) => panel + (bounded(m) ? interval : 0);
  const svg = drawing(width, measures.reduce((sum, m) => sum + height(m), 0));
  let next = 0;
  measures.forEach((m) => {
    const y = next, top = y + 24 + (narrow ? 16 : 0), bottom = top + 2 * (strip + name);
    const first = m.first ?? [], second = m.second ?? [];
    const scale = axis([...first, ...second], m.unit, left, right);
    svg.append(text(0, y + 14, m.label));
    svg.append(narrow ? text(0, y + 30, found(m, true), "start", "small other") : text(width, y + 14, found(m), "end", "other"));
    for (const v of ticksOf(scale, m.unit, Math.max(3, (right - left) / 90))) {
      svg.append(line(scale(v), top, scale(v), bottom, "grid"), text(scale(v), bottom + 14, tickText(v, m.unit), "middle", "small quiet"));
    }
    [{ label: c.first, values: first, mean: m.first_mean }, { label: c.second, values: second, mean: m.second_mean }].forEach((side, i) => {
      const y = top + i * (strip + name);
      if (i) svg.append(line(left, y, right, y, "grid"));
      if (narrow) svg.append(text(0, y + 11, cut(side.label, width), "start", "small quiet"));
      else linesOf(side.label).forEach((l, n, all) => svg.append(text(0, y + strip / 2 + 4 + 14 * (n - (all.length - 1) / 2), l, "start", "small")));
      drawStrip(svg, scale, m, side.values, side.mean, y + name, width);
    });
    svg.append(line(left, bottom, right, bottom, "line"));
    if (bounded(m)) drawInterval(svg, m, bottom + 22, left, right, narrow);
    next += height(m);
  });
  return { svg, head, rows, legend: legendOf(measures) };
}

function legendOf(measures: ContrastMeasure[]): Key[] {
  const keys: Key[] = [
    { marks: [dot(9, 6, 2.2)], text: "a night" },
    { marks: [line(9, 0, 9, 12, "ink", 2.5)], text: "mean" },
    { marks: [rect(1, 0, 17, 12, "hole")], text: "middle half of the nights" },
  ];
  if (measures.some(bounded)) {
    keys.push({ marks: [line(1, 6, 17, 6, "other", 2), line(1, 2, 1, 10, "other", 2), line(17, 2, 17, 10, "other", 2), line(9, 0, 9, 12, "other", 5)], text: "difference, with its interval" });
  }
  return keys;
}

/** linesOf breaks the label of a period between its dates. */
function linesOf(label: string): string[] {
  const [from = label, to] = label.split(" to ");
  return to ? [`${from} to`, to] : [label];
}

/** found tells the difference in words, few of them where there is little room. */
function found(m: ContrastMeasure, short = false): string {
  if (m.difference === undefined) return m.verdict ?? "";
  let said = `${short ? "" : "Difference "}${differenceText(m.difference, m.unit)}`;
  if (m.low !== undefined && m.high !== undefined) said += ` (${short ? "" : "interval "}${signed(m.low, m.unit)} to ${signed(m.high, m.unit)})`;
  return m.verdict ? `${said}: ${m.verdict}` : said;
}

type Bounded = ContrastMeasure & { difference: number; low: number; high: number };

/** bounded tells whether the difference has an interval. */
function bounded(m: ContrastMeasure): m is Bounded {
  return m.difference !== undefined && m.low !== undefined && m.high !== undefined;
}

/** drawInterval draws the difference on an axis of its own, which has 0. */
function drawInterval(svg: SVGElement, m: Bounded, y: number, left: number, right: number, narrow: boolean): void {
  const low = Math.min(0, m.low), high = Math.max(0, m.high), room = 0.06 * (high - low);
  const scale = scaleLinear().domain([low - room, high + room]).range([left, right]);
  if (!narrow) svg.append(text(0, y + 16, `difference, ${differenceUnit(m.unit)}`, "start", "small"));
  for (const v of ticks(low - room, high + room, Math.max(3, (right - left) / 90))) {
    svg.append(line(scale(v), y + 2, scale(v), y + 24, "grid"), text(scale(v), y + 37, v === 0 ? "none" : `${v > 0 ? "+" : ""}${v}`, "middle", "small quiet"));
  }
  svg.append(line(left, y + 24, right, y + 24, "line"), line(scale(0), y, scale(0), y + 26, "ink", 1.5));
  svg.append(line(scale(m.low), y + 12, scale(m.high), y + 12, "other", 2));
  for (const end of [m.low, m.high]) svg.append(line(scale(end), y + 7, scale(end), y + 17, "other", 2));
  svg.append(line(scale(m.difference), y + 5, scale(m.difference), y + 19, "other", 5));
}

function drawStrip(svg: SVGElement, scale: ScaleLinear<number, number>, m: ContrastMeasure, values: number[], mean: number | undefined, y: number, width: number): void {
  const middle = y + strip / 2;
  if (!values.length) {
    svg.append(text(scale.range()[0]! + 6, middle + 4, "no nights", "start", "small quiet"));
    return;
  }
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length >= 4) svg.append(rect(scale(quantileSorted(sorted, 0.25)!), y + 6, scale(quantileSorted(sorted, 0.75)!), y + strip - 6, "hole"));
  const beside = new Map<number, number>();
  for (const v of sorted) {
    const column = Math.round(scale(v) / 5), n = beside.get(column) ?? 0;
    beside.set(column, n + 1);
    const rise = 5 * Math.ceil(n / 2) * (n % 2 ? -1 : 1);
    svg.append(dot(column * 5, middle + Math.max(4 - strip / 2, Math.min(strip / 2 - 4, rise)), 2.2, false, valueText(v, m.unit)));
  }
  if (mean !== undefined) svg.append(line(scale(mean), y + 4, scale(mean), y + strip - 4, "ink", 2.5), text(width, middle + 4, valueText(mean, m.unit), "end"));
}
