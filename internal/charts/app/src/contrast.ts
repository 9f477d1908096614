import { quantileSorted } from "d3-array";
import type { ScaleLinear } from "d3-scale";
import type { Drawn } from "./drawn";
import type { Contrast, ContrastMeasure } from "./picture";
import { dot, drawing, line, rect, text } from "./svg";
import { axis, differenceText, ticksOf, tickText, valueText } from "./units";

const strip = 42;

/** drawContrast draws one panel a measure; only is the name of one, or "" for all. */
export function drawContrast(c: Contrast, width: number, only: string): Drawn {
  const measures = (c.measures ?? []).filter((m) => !only || m.name === only);
  const mean = (m: ContrastMeasure, v: number | undefined) => (v === undefined ? "" : valueText(v, m.unit));
  const head = ["Measure", c.first, c.second, "Difference"];
  const rows = measures.map((m) => [m.label, `${mean(m, m.first_mean)} (${m.first?.length ?? 0} nights)`, `${mean(m, m.second_mean)} (${m.second?.length ?? 0} nights)`, found(m)]);
  if (!measures.length) return { head, rows, empty: "No nights to compare." };

  const narrow = width < 520;
  const left = narrow ? 4 : 150, right = width - 58, panel = 24 + 2 * strip + 26 + (narrow ? 16 : 0);
  const svg = drawing(width, panel * measures.length);
  measures.forEach((m, i) => {
    const y = panel * i, top = y + 24 + (narrow ? 16 : 0);
    const first = m.first ?? [], second = m.second ?? [];
    const scale = axis([...first, ...second], m.unit, left, right);
    svg.append(text(0, y + 14, m.label));
    svg.append(narrow ? text(0, y + 30, found(m), "start", "small other") : text(width, y + 14, found(m), "end", "other"));
    for (const v of ticksOf(scale, m.unit, Math.max(2, (right - left) / 90))) {
      svg.append(line(scale(v), top, scale(v), top + 2 * strip, "grid"), text(scale(v), top + 2 * strip + 14, tickText(v, m.unit), "middle", "small quiet"));
    }
    drawStrip(svg, scale, m, c.first, first, m.first_mean, top, narrow, width);
    svg.append(line(left, top + strip, right, top + strip, "grid"));
    drawStrip(svg, scale, m, c.second, second, m.second_mean, top + strip, narrow, width);
    svg.append(line(left, top + 2 * strip, right, top + 2 * strip, "line"));
  });
  return { svg, head, rows };
}

function found(m: ContrastMeasure): string {
  if (m.difference === undefined) return m.verdict ?? "";
  let said = `Difference ${differenceText(m.difference, m.unit)}`;
  if (m.low !== undefined && m.high !== undefined) said += ` (interval ${m.low.toFixed(0)} to ${m.high.toFixed(0)})`;
  return m.verdict ? `${said}: ${m.verdict}` : said;
}

function drawStrip(svg: SVGElement, scale: ScaleLinear<number, number>, m: ContrastMeasure, label: string, values: number[], mean: number | undefined, y: number, narrow: boolean, width: number): void {
  const middle = y + strip / 2;
  if (!narrow) {
    const [from = label, to] = label.split(" to ");
    svg.append(text(0, middle + (to ? -3 : 4), to ? `${from} to` : from, "start", "small"));
    if (to) svg.append(text(0, middle + 11, to, "start", "small"));
  }
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
