import type { Drawn, Key } from "./drawn";
import type { Nights, Row } from "./picture";
import { drawing, element, line, rect, text } from "./svg";
import { clock, dateText, dayText, hours, hourStep, isWeekend } from "./units";

/** drawNights draws nights below each other; open is called with the date that is chosen. */
export function drawNights(n: Nights, width: number, open: (date: string) => void): Drawn {
  const rows = n.rows ?? [], means = n.means ?? [];
  const sleeps = rows.flatMap((r) => r.sleeps ?? []);
  const head = ["Night", "In bed", "Asleep", "Naps", "Note"];
  const pale = (r: Row) => Boolean(n.sought) && !r.found;
  const table = rows.map((r) => tableRow(r, n.sought));
  if (!rows.length) return { head, rows: table, empty: "No nights to draw." };

  let low = Math.min(...sleeps.map((s) => s.from), ...means.map((m) => m.onset));
  let high = Math.max(...sleeps.map((s) => s.to), ...means.map((m) => m.wake));
  if (!sleeps.length) [low, high] = [-120, 480];
  low = Math.max(Math.floor(low / 60) * 60, -1440);
  high = Math.max(Math.min(Math.ceil(high / 60) * 60, 2880), low + 360);

  const narrow = width < 480;
  const left = narrow ? 74 : 92, right = width - 58, top = 24;
  const height = rows.length <= 10 ? 30 : rows.length <= 36 ? 17 : Math.max(4, 600 / rows.length);
  const labelled = height >= 15;
  const bottom = top + height * rows.length;
  const x = (m: number) => left + (right - left) * Math.min(1, Math.max(0, (m - low) / (high - low)));
  const svg = drawing(width, bottom + 10, "group");
  const axis = element("g", { "aria-hidden": "true" });
  svg.append(axis);
  const step = 60 * hourStep((high - low) / 60, (right - left) / 46);
  for (const r of rows) if (isWeekend(r.date)) axis.append(rect(0, top + height * rows.indexOf(r), width, top + height * (rows.indexOf(r) + 1), "shade"));
  for (let m = Math.ceil(low / step) * step; m <= high; m += step) {
    axis.append(line(x(m), top, x(m), bottom, "grid"), text(x(m), top - 8, clock(m), "middle", "small quiet"));
  }
  if (labelled) axis.append(text(width, top - 8, "asleep", "end", "small quiet"));
  let month = "";
  const over = element("g", { "aria-hidden": "true" }); // what lies on the rows
  const unrecorded: SVGElement[] = []; // which lines must not cross
  rows.forEach((r, i) => {
    const y = top + height * i, inset = Math.max(0.5, height * 0.16);
    const recorded = (r.sleeps ?? []).length > 0, faint = pale(r);
    const group = element("g", recorded && !faint
      ? { class: "row", tabindex: 0, role: "button", "aria-label": `${table[i]?.filter(Boolean).join(", ")}. Show this night.` }
      : { role: "img", "aria-label": `${dateText(r.date)}: ${r.missing ?? (recorded ? "another night" : "nothing")}` });
    const seen = element("g", { "aria-hidden": "true" }); // the label says the same
    group.append(seen);
    seen.append(element("rect", { class: "hit", x: 0, y, width, height, style: "fill: var(--page); fill-opacity: 0" }));
    for (const s of r.sleeps ?? []) {
      const told = `${dateText(r.date)}: ${s.nap ? "nap" : "in bed"} ${clock(s.from)} to ${clock(s.to)}`;
      if (s.nap) {
        seen.append(rect(x(s.from), y + inset + 2, x(s.to), y + height - inset - 2, faint ? "hole" : "nap", told));
        continue;
      }
      seen.append(rect(x(s.from), y + inset, x(s.to), y + height - inset, faint ? "grid" : "in-bed", told));
      if (s.onset !== undefined && s.wake !== undefined) seen.append(rect(x(s.onset), y + inset, x(s.wake), y + height - inset, faint ? "hole" : "sleep", told));
    }
    const base = y + height / 2 + 4, style = height < 20 ? "small" : "";
    if (labelled) {
      seen.append(text(0, base, narrow ? dateText(r.date).replace(/^\w+ /, (day) => day.slice(0, 2) + " ") : dateText(r.date), "start", style));
      if (r.asleep_minutes !== undefined) seen.append(text(width, base, hours(r.asleep_minutes), "end", style));
      if (r.missing && !recorded) {
        unrecorded.push(rect(left + 2, base - 11, left + 10 + r.missing.length * 5.8, base + 4, isWeekend(r.date) ? "shade" : "page"), text(left + 6, base, r.missing, "start", "small quiet"));
      }
    } else if (r.date.slice(0, 7) !== month) {
      month = r.date.slice(0, 7);
      seen.append(line(0, y, right, y, "hole"), text(0, y + 11, dayText(r.date), "start", "small"));
    }
    if (recorded) {
      group.addEventListener("click", () => open(r.date));
      group.addEventListener("keydown", (event) => {
        const key = (event as KeyboardEvent).key;
        if (key !== "Enter" && key !== " ") return;
        event.preventDefault();
        open(r.date);
      });
    }
    svg.append(group);
  });
  axis.append(line(left, bottom, right, bottom, "line"));
  for (const m of means) {
    for (const at of [m.onset, m.wake]) over.append(line(x(at), top - 3, x(at), bottom + 5, m.other ? "other" : "ink", 1.5, m.other ? "4 3" : undefined));
  }
  over.append(...unrecorded);
  svg.append(over);
  return { svg, head, rows: table, legend: sleeps.length ? legendOf(n) : [] };
}

function legendOf(n: Nights): Key[] {
  const block = (fill: string) => [rect(1, 1, 17, 11, fill)];
  const keys: Key[] = [{ marks: block("sleep"), text: "first sleep to final awakening" }, { marks: block("in-bed"), text: "in bed" }];
  if (n.rows?.some((r) => r.sleeps?.some((s) => s.nap))) keys.push({ marks: [rect(1, 3, 17, 9, "nap")], text: "nap" });
  if (n.sought) keys.push({ marks: block("hole"), text: "nights that do not meet the condition" });
  for (const m of n.means ?? []) {
    keys.push({ marks: [line(0, 6, 18, 6, m.other ? "other" : "ink", 1.5, m.other ? "4 3" : undefined)], text: `${m.label}: asleep at ${clock(m.onset)}, awake at ${clock(m.wake)}` });
  }
  return keys;
}

function tableRow(r: Row, sought: string | undefined): string[] {
  const times = (nap: boolean) => (r.sleeps ?? []).filter((s) => Boolean(s.nap) === nap).map((s) => `${clock(s.from)}–${clock(s.to)}`).join(", ");
  return [dateText(r.date), times(false), r.asleep_minutes === undefined ? "" : hours(r.asleep_minutes), times(true), r.missing ?? (sought && r.found ? "fulfils the condition" : "")];
}
