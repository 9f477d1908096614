import type { Drawn, Key } from "./drawn";
import type { MonthlyMeasure, MonthPoint, Months } from "./picture";
import { cut, dot, drawing, fits, line, rect, text, wrapped } from "./svg";
import { axis, monthText, ticksOf, tickText, valueText } from "./units";

/** drawMonths draws one panel a measure; only is the name of one, or "" for all. */
export function drawMonths(m: Months, width: number, only: string): Drawn {
  const measures = (m.measures ?? []).filter((one) => !only || one.name === only);
  const each = m.each ?? "month";
  const head = [each.charAt(0).toUpperCase() + each.slice(1), ...measures.flatMap((one) => [one.label, "Nights"])];
  const months = measures[0]?.months ?? [];
  const table = months.map((p, i) => [monthText(p.month, true), ...measures.flatMap((one) => {
    const q = one.months[i];
    return [q?.mean === undefined ? lacks(q) : valueText(q.mean, one.unit), String(q?.nights ?? 0)];
  })]);
  if (!measures.some((one) => one.months.some((p) => p.mean !== undefined))) return { head, rows: table, empty: `No nights in these ${each}s.` };

  const left = 58, right = width - 4, panel = 136;
  const svg = drawing(width, panel * measures.length + (m.each ? 20 : 34));
  measures.forEach((one, i) => drawMeasure(svg, one, panel * i, panel, left, right, width));
  const y = panel * measures.length, column = (right - left) / months.length;
  svg.append(line(left, y - 4, right, y - 4, "line"));
  const widest = Math.max(...months.map((p) => monthText(p.month, false).length)) * 6.2 + 8;
  const step = m.each ? 1 : ([1, 2, 3, 6].find((n) => n * column >= widest) ?? 12);
  const named = months.flatMap((p, i) => (step === 1 || (Number(p.month.slice(5)) - 1) % step === 0 ? [i] : []));
  named.forEach((i, nth) => {
    const month = months[i]?.month ?? "", x = left + column * (i + 0.5);
    svg.append(text(x, y + 10, cut(monthText(month, false), column * step), "middle", "small"));
    const next = months[named[nth + 1] ?? -1]?.month; // has its own year, and no room for two
    if (!m.each && (month.endsWith("-01") || (nth === 0 && !(next?.endsWith("-01") && step * column < 36)))) {
      svg.append(text(x, y + 24, month.slice(0, 4), "middle", "small quiet"));
    }
  });
  return { svg, head, rows: table, legend: legendOf(m, measures) };
}

function legendOf(m: Months, drawn: MonthlyMeasure[]): Key[] {
  const some = (has: (p: MonthPoint) => boolean) => drawn.some((one) => one.months.some(has));
  const keys: Key[] = [{ marks: [dot(9, 6, 3.5)], text: `mean of a ${m.each ?? "month"}` }];
  if (some((p) => p.mean !== undefined && Boolean(p.partial))) keys.push({ marks: [dot(9, 6, 3.5, true)], text: m.each ? "of few nights" : "of a part, or of few nights" });
  if (some((p) => p.low !== undefined)) keys.push({ marks: [rect(5, 0, 13, 12, "in-bed")], text: "middle half of the nights" });
  const lacking = new Set(drawn.flatMap((one) => one.months.filter((p) => p.mean === undefined).map(lacks)));
  if (lacking.size) keys.push({ marks: [text(9, 10, "×", "middle", "small quiet")], text: [...lacking].join(", or ") });
  return keys;
}

/** lacks says why there is no mean. */
function lacks(p: MonthPoint | undefined): string {
  return p?.nights ? "no usual time" : "no nights";
}

function drawMeasure(svg: SVGElement, one: MonthlyMeasure, y: number, panel: number, left: number, right: number, width: number): void {
  const values = [...one.months.flatMap((p) => [p.mean, p.low, p.high]), ...(one.line ?? []).map((p) => p.value)].filter((v): v is number => v !== undefined);
  const trend = one.trend ?? "", apart = trend !== "" && (width < 520 || !fits(one.label + trend, width)); // the trend has lines of its own
  const told = apart ? wrapped(trend, width) : [], below = 15 * told.length;
  const bottom = y + panel - 8, scale = axis(values, one.unit, bottom, y + 26 + below);
  svg.append(text(0, y + 14, one.label));
  if (trend && !apart) svg.append(text(right, y + 14, trend, "end", "other"));
  told.forEach((l, i) => svg.append(text(0, y + 29 + 15 * i, l, "start", "other")));
  for (const v of ticksOf(scale, one.unit, 4)) {
    svg.append(line(left, scale(v), right, scale(v), "grid"), text(left - 6, scale(v) + 4, tickText(v, one.unit), "end", "small quiet"));
  }
  const column = (right - left) / one.months.length, half = Math.min(10, column * 0.32);
  const x = (i: number) => left + column * (i + 0.5);
  one.months.forEach((p, i) => {
    if (p.mean === undefined) svg.append(text(x(i), bottom - 2, "×", "middle", "small quiet"));
    else if (p.low !== undefined && p.high !== undefined) {
      svg.append(rect(x(i) - half, scale(p.high), x(i) + half, scale(p.low), "in-bed", `${monthText(p.month, true)}: middle half of the nights ${valueText(p.low, one.unit)} to ${valueText(p.high, one.unit)}`));
    }
  });
  const points = one.line ?? [];
  for (let i = 1; i < points.length; i++) {
    const p = points[i - 1], q = points[i];
    if (p && q) svg.append(line(left + p.at * column, scale(p.value), left + q.at * column, scale(q.value), "other", 2));
  }
  one.months.forEach((p, i) => {
    if (p.mean !== undefined) svg.append(dot(x(i), scale(p.mean), Math.min(3.5, half), p.partial, `${monthText(p.month, true)}: ${valueText(p.mean, one.unit)}, ${p.nights} nights`));
  });
}
