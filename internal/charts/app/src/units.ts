import { ticks } from "d3-array";
import { scaleLinear, type ScaleLinear } from "d3-scale";
import type { Unit } from "./picture";

const hour = 60;
const day = 24 * hour;

export function clock(minutes: number): string {
  const m = ((Math.round(minutes) % day) + day) % day;
  return `${String(Math.floor(m / hour)).padStart(2, "0")}:${String(m % hour).padStart(2, "0")}`;
}

export function hours(minutes: number): string {
  const m = Math.round(minutes);
  return m < hour ? `${m} min` : `${Math.floor(m / hour)} h ${String(m % hour).padStart(2, "0")}`;
}

export function valueText(v: number, unit: Unit): string {
  switch (unit) {
    case "minutes": return hours(v);
    case "clock": return clock(v);
    case "percent": return `${v.toFixed(0)} %`;
    default: return v.toFixed(0);
  }
}

export function tickText(v: number, unit: Unit): string {
  switch (unit) {
    case "minutes": return v < 2 * hour ? `${v} min` : v % hour ? hours(v) : `${v / hour} h`;
    case "clock": return clock(v);
    case "percent": return `${v} %`;
    default: return String(v);
  }
}

export function differenceText(v: number, unit: Unit): string {
  return unit === "points" ? signed(v, unit) : `${signed(v, unit)} ${differenceUnit(unit)}`;
}

/** signed writes a difference without its unit: a small one in tenths, so that it is not told as 0. */
export function signed(v: number, unit: Unit): string {
  if (Math.abs(v) < 0.05) return "0";
  return `${v > 0 ? "+" : ""}${v.toFixed(timed(unit) && Math.abs(v) >= 0.5 ? 0 : 1)}`;
}

export function differenceUnit(unit: Unit): string {
  return timed(unit) ? "min" : "points";
}

/** axis spans the values with some room, and at least a range that is worth looking at. */
export function axis(values: number[], unit: Unit, from: number, to: number): ScaleLinear<number, number> {
  let low = Math.min(...values), high = Math.max(...values);
  if (!values.length) [low, high] = [0, 1];
  const least = timed(unit) ? hour : 10;
  if (high - low < least) [low, high] = [(low + high - least) / 2, (low + high + least) / 2];
  const room = (high - low) * 0.06;
  low -= room;
  high += room;
  if (unit === "percent") high = Math.min(high, 100);
  if (unit !== "clock") low = Math.max(low, 0);
  return scaleLinear().domain([low, high]).range([from, to]).clamp(true);
}

function timed(unit: Unit): boolean {
  return unit === "minutes" || unit === "clock";
}

/** ticksOf are round numbers of an axis; of times, of minutes and hours. */
export function ticksOf(scale: ScaleLinear<number, number>, unit: Unit, count: number): number[] {
  const [low = 0, high = 1] = scale.domain();
  if (!timed(unit)) return ticks(low, high, count);
  const wanted = (high - low) / count;
  const step = [5, 10, 15, 30, 60, 120, 180, 240, 360].find((s) => s >= wanted) ?? 720;
  const all: number[] = [];
  for (let v = Math.ceil(low / step) * step; v <= high; v += step) all.push(v);
  return all;
}

/** hourStep is every how many hours to write a time, so that at most so many are there. */
export function hourStep(span: number, most: number): number {
  return [1, 2, 3, 4, 6].find((s) => span / s <= most) ?? 12;
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** dateText is a date with its weekday, the same in every browser. */
export function dateText(date: string): string {
  const d = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(d.getTime()) ? date : `${dayNames[d.getUTCDay()]} ${dayText(date)}`;
}

/** dayText is a date without its weekday. */
export function dayText(date: string): string {
  const d = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(d.getTime()) ? date : `${d.getUTCDate()} ${monthNames[d.getUTCMonth()]}`;
}

export function isWeekend(date: string): boolean {
  const d = new Date(`${date}T00:00:00Z`).getUTCDay();
  return d === 0 || d === 6;
}

export function monthText(month: string, year: boolean): string {
  const d = new Date(`${month}-01T00:00:00Z`);
  if (Number.isNaN(d.getTime())) return month;
  return `${monthNames[d.getUTCMonth()]}${year ? ` ${d.getUTCFullYear()}` : ""}`;
}

export function addDays(date: string, days: number): string {
  const d = new Date(`${date}T00:00:00Z`);
  d.setUTCDate(d.getUTCDate() + days);
  return d.toISOString().slice(0, 10);
}

/** wallClock returns what a clock in a zone shows at a moment, as text to the nearest minute, as answers have it, and how far it is from UTC. */
export function wallClock(moment: Date, zone: string | undefined, fallback: number): { text: string; hour: number; minute: number; date: string; offset: number } {
  let local = new Date(moment.getTime() + fallback * 60_000);
  if (zone) {
    try {
      const parts = Object.fromEntries(formatOf(zone).formatToParts(moment).map((p) => [p.type, p.value]));
      local = new Date(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`);
    } catch { /* a zone that this browser does not know: the offset of the recording stands */ }
  }
  const iso = local.toISOString();
  return {
    text: new Date(local.getTime() + 30_000).toISOString().slice(11, 16), hour: local.getUTCHours(), minute: local.getUTCMinutes(), date: iso.slice(0, 10),
    offset: Math.round((local.getTime() - moment.getTime()) / 60_000),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** offsetOf is how many minutes a moment as text is ahead of UTC. */
export function offsetOf(text: string): number {
  const match = /([+-])(\d\d):(\d\d)$/.exec(text);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
