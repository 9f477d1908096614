import { isObject, type Picture } from "./picture";
import { addDays } from "./units";

/** Question is a call of a tool that this page stands for. */
export interface Question { tool: string; arguments: Record<string, unknown> }

/** What the controls are made of. */
export interface Shown {
  question: Question;
  picture: Picture;
  answer: unknown; // structured
  metric: string; // shown alone; "": all
  back: boolean; // there is something to go back to
}

export interface Actions {
  ask(question: Question): void;
  metric(name: string): void;
  back(): void;
}

/** kept are the arguments that stay when others are changed. */
function kept(q: Question, ...drop: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(q.arguments).filter(([name]) => name !== "chart" && !drop.includes(name)));
}

/** controlsOf returns the controls of what is shown; each that changes it calls a tool. */
export function controlsOf(s: Shown, act: Actions): HTMLElement[] {
  const all: HTMLElement[] = [];
  if (s.back) all.push(button("Back", act.back, "←"));
  switch (s.question.tool) {
    case "get_session": all.push(...nightControls(s, act)); break;
    case "weekly_report": all.push(...weekControls(s, act)); break;
    case "monthly_trends": all.push(...monthControls(s, act)); break;
    case "list_sessions": all.push(...listControls(s, act)); break;
    case "find_nights": all.push(...findControls(s, act)); break;
    case "compare_nights": all.push(daysControl(s, act, 90, 180, 365, 730)); break;
    case "cohort_analysis": all.push(daysControl(s, act, 7, 14, 30, 90, 180, 365)); break;
    case "organization_statistics": all.push(daysControl(s, act, 7, 14, 30, 90, 180)); break;
  }
  if (s.picture.kind === "months" || s.picture.kind === "contrast") {
    const measures = s.picture.picture.measures ?? [];
    if (measures.length > 1) {
      all.push(select("Measure", [["", "All measures"], ...measures.map((m): [string, string] => [m.name, m.label])], s.metric, act.metric));
    }
  }
  return all;
}

function nightControls(s: Shown, act: Actions): HTMLElement[] {
  const night = dateIn(s.answer, "night") ?? dateIn(s.question.arguments, "night");
  if (!night) return [];
  const to = (date: string) => act.ask({ tool: "get_session", arguments: { ...kept(s.question, "session_id", "night", "detail"), night: date } });
  const today = todayOf(s.answer);
  return [
    button("Night before", () => to(addDays(night, -1)), "‹"),
    button("Night after", () => to(addDays(night, 1)), "›", today !== undefined && night >= today),
    dateInput("Night", night, today, to),
  ];
}

function weekControls(s: Shown, act: Actions): HTMLElement[] {
  const end = periodEnd(s.answer);
  if (!end) return [];
  const to = (date: string) => act.ask({ tool: "weekly_report", arguments: { ...kept(s.question, "week_ending"), week_ending: date } });
  const today = todayOf(s.answer);
  const next = addDays(end, 7);
  return [
    button("Week before", () => to(addDays(end, -7)), "‹"),
    button("Week after", () => to(today !== undefined && next > today ? today : next), "›", today !== undefined && end >= today),
  ];
}

function monthControls(s: Shown, act: Actions): HTMLElement[] {
  const months = isObject(s.answer) && Array.isArray(s.answer.months) ? s.answer.months.length : 6;
  const counts = [...new Set([3, 6, 12, 24, 60, months])].sort((a, b) => a - b);
  return [select("Months", counts.map((n) => [String(n), String(n)]), String(months),
    (n) => act.ask({ tool: "monthly_trends", arguments: { ...kept(s.question, "months"), months: Number(n) } }))];
}

function listControls(s: Shown, act: Actions): HTMLElement[] {
  const cut = (q: Question) => act.ask({ ...q, arguments: { ...kept(q, "cursor", "limit"), limit: 100 } });
  return [daysControl(s, { ...act, ask: cut }, 7, 14, 31, 90)];
}

function findControls(s: Shown, act: Actions): HTMLElement[] {
  const groups: [string, string][] = [["", "Each night"], ["weekday", "By weekday"], ["weekend", "By weekend"], ["month", "By month"]];
  const by = typeof s.question.arguments.by === "string" ? s.question.arguments.by : "";
  if (!groups.some(([name]) => name === by)) groups.push([by, `By ${by.replaceAll("_", " ")}`]);
  return [
    daysControl(s, act, 30, 90, 180, 365),
    select("Show", groups, by, (name) => act.ask({ tool: "find_nights", arguments: { ...kept(s.question, "by", "order", "limit", "format"), ...(name ? { by: name } : {}) } })),
  ];
}

/** daysControl asks the same about another number of days, up to today. */
function daysControl(s: Shown, act: Actions, ...offered: number[]): HTMLElement {
  const days = isObject(s.answer) && isObject(s.answer.period) && typeof s.answer.period.days === "number" ? s.answer.period.days : offered[0] ?? 7;
  const counts = [...new Set([...offered, days])].sort((a, b) => a - b);
  return select("Days up to today", counts.map((n) => [String(n), String(n)]), String(days),
    (n) => act.ask({ tool: s.question.tool, arguments: { ...kept(s.question, "from", "to", "days"), days: Number(n) } }));
}

function dateIn(o: unknown, name: string): string | undefined {
  const value = isObject(o) ? o[name] : undefined;
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;
}

function periodEnd(answer: unknown): string | undefined {
  return isObject(answer) ? dateIn(answer.period, "to") : undefined;
}

/** todayOf is the date on which the answer was made, where the sleeper is. */
function todayOf(answer: unknown): string | undefined {
  const asOf = isObject(answer) ? answer.as_of : undefined;
  return typeof asOf === "string" && /^\d{4}-\d\d-\d\dT/.test(asOf) ? asOf.slice(0, 10) : undefined;
}

/** button is a control with an arrow, which is not read aloud. */
function button(label: string, press: () => void, arrow: "←" | "‹" | "›", disabled = false): HTMLElement {
  const b = document.createElement("button"), seen = document.createElement("span");
  b.type = "button";
  seen.ariaHidden = "true";
  seen.textContent = arrow;
  if (arrow === "›") b.append(`${label} `, seen);
  else b.append(seen, ` ${label}`);
  b.disabled = disabled;
  b.addEventListener("click", press);
  return b;
}

function labelled(label: string, control: HTMLElement): HTMLElement {
  const l = document.createElement("label");
  l.append(label, control);
  return l;
}

function select(label: string, options: [string, string][], chosen: string, change: (value: string) => void): HTMLElement {
  const s = document.createElement("select");
  for (const [value, name] of options) s.add(new Option(name, value, false, value === chosen));
  s.addEventListener("change", () => change(s.value));
  return labelled(label, s);
}

function dateInput(label: string, value: string, most: string | undefined, change: (date: string) => void): HTMLElement {
  const input = document.createElement("input");
  input.type = "date";
  input.value = value;
  if (most) input.max = most;
  input.addEventListener("change", () => { if (/^\d{4}-\d\d-\d\d$/.test(input.value)) change(input.value); });
  return labelled(label, input);
}
