// The pictures of package charts, as it writes them into an answer's _meta.

export interface Frame {
  title: string;
  subtitle?: string;
  timezone?: string;
  demo?: boolean;
  notes?: string[];
}
export interface Night extends Frame {
  start?: string;
  end?: string;
  fell_asleep?: string;
  woke_up?: string;
  stages?: string;
  two_stages?: boolean;
  snoring?: string;
  parts?: Part[];
}
export interface Part { start: string; end: string; fell_asleep?: string; woke_up?: string }
export interface Sleep { from: number; to: number; onset?: number; wake?: number; nap?: boolean }
export interface Row { date: string; sleeps?: Sleep[]; asleep_minutes?: number; missing?: string; found?: boolean }
export interface Mean { label: string; onset: number; wake: number; other?: boolean }
export interface Nights extends Frame { rows: Row[] | null; means?: Mean[]; sought?: string }
export type Unit = "minutes" | "clock" | "percent" | "points";
export interface MonthPoint { month: string; nights: number; partial?: boolean; mean?: number; low?: number; high?: number }
export interface MonthlyMeasure {
  name: string; label: string; unit: Unit; months: MonthPoint[]; trend?: string; line?: { at: number; value: number }[];
}
export interface Months extends Frame { each?: string; measures: MonthlyMeasure[] | null }
export interface ContrastMeasure {
  name: string; label: string; unit: Unit; first: number[] | null; second: number[] | null;
  first_mean?: number; second_mean?: number; difference?: number; low?: number; high?: number; verdict?: string;
}
export interface Contrast extends Frame { first: string; second: string; measures: ContrastMeasure[] | null }
export interface Figure { name: string; label: string; unit: Unit; middle?: number; low?: number; high?: number; hidden?: string }
export interface Group extends Frame { figures: Figure[] | null }

export type Picture = { description: string } & (
  | { kind: "night"; picture: Night }
  | { kind: "nights"; picture: Nights }
  | { kind: "months"; picture: Months }
  | { kind: "contrast"; picture: Contrast }
  | { kind: "group"; picture: Group }
);

const key = "asleep-mcp/picture";
const kinds = ["night", "nights", "months", "contrast", "group"];

/** pictureOf returns the picture in a result's _meta, or nothing where there is none. */
export function pictureOf(meta: unknown): Picture | undefined {
  if (!isObject(meta)) return undefined;
  const found = meta[key];
  if (!isObject(found) || !kinds.includes(String(found.kind)) || !isObject(found.picture)) return undefined;
  if (typeof found.picture.title !== "string") return undefined;
  return found as unknown as Picture;
}

/** toolOf returns the name of the tool that a result is of, "" where it does not say. */
export function toolOf(meta: unknown): string {
  const name = isObject(meta) ? meta["asleep-mcp/tool"] : undefined;
  return typeof name === "string" ? name : "";
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
