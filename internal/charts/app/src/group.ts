import type { Drawn } from "./drawn";
import type { Figure, Group } from "./picture";
import { drawing, line, rect, text } from "./svg";
import { axis, ticksOf, tickText, valueText } from "./units";

export function drawGroup(g: Group, width: number): Drawn {
  const figures = g.figures ?? [];
  const rows = figures.map((f) => [f.label, told(f)]);
  if (!figures.length) return { head: ["Figure", "Value"], rows, empty: "No figures to draw." };
  const height = 62, svg = drawing(width, height * figures.length);
  figures.forEach((f, i) => {
    const y = height * i;
    svg.append(text(0, y + 14, f.label), text(width, y + 14, told(f), "end", "quiet"));
    const values = [f.middle, f.low, f.high].filter((v): v is number => v !== undefined);
    if (f.middle === undefined) return;
    const scale = axis(values, f.unit, 10, width - 20);
    svg.append(line(10, y + 36, width - 10, y + 36, "grid"));
    for (const v of ticksOf(scale, f.unit, Math.max(2, width / 110))) svg.append(line(scale(v), y + 33, scale(v), y + 39, "hole"), text(scale(v), y + 52, tickText(v, f.unit), "middle", "small quiet"));
    if (f.low !== undefined && f.high !== undefined) svg.append(rect(scale(f.low), y + 24, scale(f.high), y + 38, "in-bed"));
    svg.append(line(scale(f.middle), y + 20, scale(f.middle), y + 40, "sleep", 3));
  });
  return { svg, head: ["Figure", "Value"], rows };
}

function told(f: Figure): string {
  if (f.middle === undefined) return f.hidden ?? "not told";
  const said = valueText(f.middle, f.unit);
  return f.low === undefined || f.high === undefined ? said : `${said} (middle half ${valueText(f.low, f.unit)} to ${valueText(f.high, f.unit)})`;
}
