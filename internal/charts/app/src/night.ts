import type { Drawn } from "./drawn";
import type { Night } from "./picture";
import { drawing, fits, line, rect, text } from "./svg";
import { dayText, hours, hourStep, offsetOf, wallClock } from "./units";

const epoch = 30_000; // ms
const longWake = 5; // minutes

interface Run { stage: string; from: number; till: number }

function runsOf(codes: string): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? ".";
    const stage = code >= "0" && code <= "3" ? code : ".";
    const last = runs.at(-1);
    if (last && last.stage === stage) last.till++;
    else runs.push({ stage, from: i, till: i + 1 });
  }
  return runs;
}

const minutes = (r: Run) => ((r.till - r.from) * epoch) / 60_000;

/** Recorded is one recording of the night. */
interface Recorded { start: Date; end: Date; asleep?: Date; awake?: Date }

const momentOf = (text: string | undefined) => (text ? new Date(text) : undefined);

export function drawNight(n: Night, width: number): Drawn {
  const stages = n.stages ?? "", snoring = n.snoring ?? "";
  const start = n.start ? new Date(n.start) : undefined;
  if (!start || Number.isNaN(start.getTime())) return { head: [], rows: [], empty: "No recording to draw." };
  const fallback = offsetOf(n.start ?? "");
  const at = (i: number) => new Date(start.getTime() + i * epoch);
  const local = (moment: Date) => wallClock(moment, n.timezone, fallback);
  const ended = n.end ? new Date(n.end) : start;
  const end = new Date(Math.max(ended.getTime(), at(stages.length).getTime()));
  if (end <= start) return { head: [], rows: [], empty: "No recording to draw." };

  const levels = !stages ? [{ stage: "", name: "In bed", colour: "in-bed" }, { stage: "", name: "Asleep", colour: "sleep" }] : n.two_stages
    ? [{ stage: "0", name: "Awake", colour: "awake" }, { stage: "1", name: "Asleep", colour: "sleep" }]
    : [{ stage: "0", name: "Awake", colour: "awake" }, { stage: "3", name: "REM", colour: "rem" },
      { stage: "1", name: "Light", colour: "light" }, { stage: "2", name: "Deep", colour: "deep" }];
  const rowOf = (stage: string) => (n.two_stages && stage > "0" ? 1 : levels.findIndex((l) => l.stage === stage));

  const left = 72, right = width - 6, top = 36, level = 36;
  const bottom = top + level * levels.length, axisY = bottom + 30;
  const x = (moment: Date) => left + (right - left) * Math.min(1, Math.max(0, (moment.getTime() - start.getTime()) / (end.getTime() - start.getTime())));
  const svg = drawing(width, axisY + 32);

  // Full hours of the clock on the wall, which may be set in the night.
  const step = hourStep((end.getTime() - start.getTime()) / 3_600_000, (right - left) / 48);
  const quarter = 15 * 60_000;
  let offset = local(start).offset;
  let free = left - 20, freeDate = left - 20;
  for (let t = Math.ceil(start.getTime() / quarter) * quarter; t <= end.getTime(); t += quarter) {
    const moment = new Date(t), clock = local(moment), set = clock.offset - offset;
    offset = clock.offset;
    if (set) {
      const label = Math.max(freeDate, Math.min(x(moment), right - 60));
      svg.append(line(x(moment), top - 6, x(moment), axisY + 18, "other", 1, "4 3"), text(label, axisY + 28, `clock ${set > 0 ? "+" : ""}${set / 60} h`, "start", "small other"));
    } else if (clock.minute === 0 && clock.hour % step === 0) {
      svg.append(line(x(moment), top, x(moment), axisY, "grid"));
      if (x(moment) < free + 20) continue;
      free = x(moment) + 22;
      svg.append(text(x(moment), axisY + 14, clock.text, "middle", "small quiet"));
      if (clock.hour === 0) {
        svg.append(text(x(moment), axisY + 28, dayText(clock.date), "middle", "small quiet"));
        freeDate = x(moment) + 22;
      }
    }
  }
  svg.append(line(left, axisY, right, axisY, "line"));
  levels.forEach((l, i) => {
    const y = top + level * i;
    svg.append(line(left, y + level, right, y + level, "grid"), rect(0, y + level / 2 - 5, 10, y + level / 2 + 5, l.colour), text(16, y + level / 2 + 4, l.name));
  });

  const parts = (n.parts ?? []).map((p): Recorded => ({ start: new Date(p.start), end: new Date(p.end), asleep: momentOf(p.fell_asleep), awake: momentOf(p.woke_up) }));
  if (!parts.length) parts.push({ start, end, asleep: momentOf(n.fell_asleep), awake: momentOf(n.woke_up) });
  const between = (r: Run) => { const middle = at((r.from + r.till) / 2); return !parts.some((p) => middle >= p.start && middle <= p.end); };

  const runs = runsOf(stages);
  const table: string[][] = [];
  runs.forEach((r, i) => {
    const unscored = between(r) ? "Between recordings" : "Not scored";
    const name = r.stage === "." ? unscored : levels[rowOf(r.stage)]?.name ?? "Not scored";
    const told = `${name}, ${local(at(r.from)).text} to ${local(at(r.till)).text}, ${hours(minutes(r))}`;
    table.push([local(at(r.from)).text, local(at(r.till)).text, name, `${minutes(r)} min`]);
    if (r.stage === ".") {
      svg.append(rect(x(at(r.from)), top, x(at(r.till)), bottom, "hole", told));
      if (fits(unscored, x(at(r.till)) - x(at(r.from)))) svg.append(text((x(at(r.from)) + x(at(r.till))) / 2, top + 22, unscored.toLowerCase(), "middle", "small"));
      return;
    }
    const y = top + level * (rowOf(r.stage) + 0.5);
    const before = runs[i - 1];
    if (before && before.stage !== ".") {
      const from = top + level * (rowOf(before.stage) + 0.5);
      svg.append(line(x(at(r.from)), from, x(at(r.from)), y, "hole"));
    }
    svg.append(rect(x(at(r.from)), y - level * 0.3, x(at(r.till)), y + level * 0.3, levels[rowOf(r.stage)]?.colour ?? "hole", told));
  });
  if (!stages) {
    const bar = (row: number, from: Date, till: Date, colour: string) => {
      const y = top + level * (row + 0.5), name = levels[row]?.name ?? "";
      table.push([local(from).text, local(till).text, name, hours((till.getTime() - from.getTime()) / 60_000)]);
      svg.append(rect(x(from), y - level * 0.3, x(till), y + level * 0.3, colour, `${name}, ${local(from).text} to ${local(till).text}`));
    };
    for (const p of parts) {
      bar(0, p.start, p.end, "in-bed");
      if (p.asleep && p.awake) bar(1, p.asleep, p.awake, "sleep");
    }
    svg.append(text(width, bottom + 20, "stages were not recorded", "end", "small quiet"));
  }

  free = -1;
  const awakenings = parts.flatMap((p) => {
    const from = Math.max(0, Math.round((p.start.getTime() - start.getTime()) / epoch));
    const inside = stages.slice(from, Math.max(from, Math.round((p.end.getTime() - start.getTime()) / epoch)));
    const first = inside.search(/[123]/), last = Math.max(...["1", "2", "3"].map((stage) => inside.lastIndexOf(stage)));
    return runsOf(inside).filter((r) => r.stage === "0" && minutes(r) > longWake && first >= 0 && r.from > first && r.till <= last)
      .map((r) => ({ ...r, from: r.from + from, till: r.till + from }));
  });
  for (const r of awakenings) {
    const middle = (x(at(r.from)) + x(at(r.till))) / 2, label = `${Math.round(minutes(r))} min`;
    svg.append(line(x(at(r.from)), top - 3, x(at(r.till)), top - 3, "other", 2));
    if (middle - 20 > free) {
      svg.append(text(middle, top - 7, label, "middle", "small"));
      free = middle + 22;
    }
  }
  const mark = (moment: string | undefined, what: string, anchor: "start" | "end") => {
    if (!moment) return;
    const m = new Date(moment), label = `${what} ${local(m).text}`, size = label.length * 6.2;
    const edge = anchor === "start" ? Math.min(x(m), right - size) : Math.max(x(m), left + size);
    svg.append(line(x(m), 16, x(m), bottom, "ink", 1.2, "4 3"), text(edge, 12, label, anchor, "small"));
  };
  mark(n.fell_asleep, "asleep", "start");
  mark(n.woke_up, "awake", "end");

  svg.append(text(0, bottom + 20, "Snoring"));
  if (!snoring) svg.append(text(left + 4, bottom + 20, "not recorded", "start", "small quiet"));
  for (const r of runsOf(snoring)) {
    if (r.stage === "0") continue;
    svg.append(rect(x(at(r.from)), bottom + 8, x(at(r.till)), bottom + 22, r.stage === "1" ? "ink" : "hole",
      `${r.stage === "1" ? "Snoring" : "Not recorded"}, ${local(at(r.from)).text}, ${hours(minutes(r))}`));
  }
  return { svg, head: ["From", "To", "Stage", "Duration"], rows: table };
}
