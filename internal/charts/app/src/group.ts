import type { Drawn, Key } from "./drawn";
import type { Figure, Group } from "./picture";
import { drawing, fits, line, rect, text } from "./svg";
import { axis, ticksOf, tickText, valueText } from "./units";

export function drawGroup(g: Group, width: number): Drawn {
  const figures = g.figures ?? [];
  const rows = figures.map((f) => [f.label, told(f)]);
  if (!figures.length) return { head: ["Figure", "Value"], rows, empty: "No figures to draw." };
  const below = figures.some((f) => !fits(f.label + told(f), width)) ? 16 : 0; // the value has a line of its own
  const height = (f: Figure) => below + (f.middle === undefined ? 26 : 64);
  const svg = drawing(width, figures.reduce((sum, f) => sum + height(f), 0));
  let next = 0;
  figures.forEach((f) => {
    svg.append(text(0, next + 14, f.label), below ? text(0, next + 30, told(f), "start", "quiet") : text(width, next + 14, told(f), "end", "quiet"));
    const y = next + below;
    next += height(f);
    const values = [f.middle, f.low, f.high].filter((v): v is number => v !== undefined);
    if (f.middle === undefined) return;
    const scale = axis(values, f.unit, 10, width - 20);
    svg.append(line(10, y + 36, width - 10, y + 36, "grid"));
    for (const v of ticksOf(scale, f.unit, Math.max(2, width / 110))) svg.append(line(scale(v), y + 33, scale(v), y + 39, "hole"), text(scale(v), y + 52, tickText(v, f.unit), "middle", "small quiet"));
    if (f.low !== undefined && f.high !== undefined) svg.append(rect(scale(f.low), y + 24, scale(f.high), y + 38, "in-bed"));
    svg.append(line(scale(f.middle), y + 20, scale(f.middle), y + 40, "sleep", 3));
  });
  const legend: Key[] = [];
  if (figures.some((f) => f.middle !== undefined)) legend.push({ marks: [line(9, 0, 9, 12, "sleep", 3)], text: "mean, or share, of the people" });
  if (figures.some((f) => f.low !== undefined)) legend.push({ marks: [rect(1, 1, 17, 11, "in-bed")], text: "middle half of the people" });
  return { svg, head: ["Figure", "Value"], rows, legend };
}

function told(f: Figure): string {
  if (f.middle === undefined) return f.hidden ?? "not told";
  const said = valueText(f.middle, f.unit);
  return f.low === undefined || f.high === undefined ? said : `${said} (middle half ${valueText(f.low, f.unit)} to ${valueText(f.high, f.unit)})`;
}
