import { drawContrast } from "./contrast";
import { controlsOf, type Actions, type Shown } from "./controls";
import type { Drawn } from "./drawn";
import { drawGroup } from "./group";
import { drawMonths } from "./months";
import { drawNight } from "./night";
import { drawNights } from "./nights";
import { clock } from "./units";

function part<E extends HTMLElement>(id: string): E {
  const e = document.getElementById(id);
  if (!e) throw new Error(`the page lacks ${id}`);
  return e as E;
}

const demoText = "DEMO DATA: made-up nights, not a person's.";

/** draw shows a picture at the width that the page has. */
export function draw(s: Shown, act: Actions): void {
  const p = s.picture.picture;
  const width = Math.max(260, Math.floor(part("page").clientWidth - 32));
  const drawn = drawnOf(s, width, act);
  document.title = p.title;
  part("title").textContent = p.title;
  part("subtitle").textContent = p.subtitle ?? "";
  part("description").textContent = s.picture.description;
  const focused = (document.activeElement as HTMLElement | null)?.getAttribute("data-control");
  const controls = controlsOf(s, act);
  controls.forEach((c, i) => (c.querySelector("select, input") ?? c).setAttribute("data-control", String(i)));
  part("controls").replaceChildren(...controls);
  if (focused) document.querySelector<HTMLElement>(`[data-control="${focused}"]`)?.focus();
  part("drawing").replaceChildren(drawn.svg ?? paragraph(drawn.empty ?? "Nothing to draw."));
  part("notes").replaceChildren(...notesOf(s).map(paragraph));
  part("figure").hidden = false;
  fillTable(drawn);
}

function drawnOf(s: Shown, width: number, act: Actions): Drawn {
  const p = s.picture;
  switch (p.kind) {
    case "night": return drawNight(p.picture, width);
    case "nights": return drawNights(p.picture, width, (night) => {
      const { user_id, timezone } = s.question.arguments;
      act.ask({ tool: "get_session", arguments: { ...(user_id === undefined ? {} : { user_id }), ...(timezone === undefined ? {} : { timezone }), night } });
    });
    case "months": return drawMonths(p.picture, width, s.metric);
    case "contrast": return drawContrast(p.picture, width, s.metric);
    case "group": return drawGroup(p.picture, width);
  }
}

/** notesOf are the lines below the picture: what lines and shades mean, and what to know. */
function notesOf(s: Shown): string[] {
  const p = s.picture, notes: string[] = [];
  switch (p.kind) {
    case "nights":
      for (const m of p.picture.means ?? []) notes.push(`${m.other ? "Dashed lines" : "Lines"}: ${m.label}, asleep at ${clock(m.onset)}, awake at ${clock(m.wake)}.`);
      if (p.picture.rows?.length) notes.push("Dark: first sleep to final awakening. Pale: in bed.");
      if (p.picture.sought) notes.push("Grey: nights that do not meet the condition.");
      break;
    case "months": notes.push(`Dot: mean of a ${p.picture.each ?? "month"}; ring: of ${p.picture.each ? "" : "a part, or of "}few nights. Bar: middle half of its nights.${(p.picture.measures ?? []).some((m) => m.months.some((one) => one.mean === undefined)) ? " ×: not measured." : ""}`); break;
    case "contrast": notes.push(`Upper: ${p.picture.first}. Lower: ${p.picture.second}.`, "Dot: a night. Line: mean. Bar: middle half of the nights. Below: the difference with its interval."); break;
  }
  if (p.picture.demo) notes.push(demoText);
  notes.push(...(p.picture.notes ?? []).map(String));
  if (p.picture.timezone) notes.push(`Clock times in ${p.picture.timezone}.`);
  return notes;
}

function paragraph(text: string): HTMLElement {
  const e = document.createElement("p");
  e.textContent = text;
  return e;
}

function fillTable(drawn: Drawn): void {
  part("details").hidden = drawn.rows.length === 0;
  const row = (cells: string[], tag: "th" | "td") => {
    const tr = document.createElement("tr");
    for (const text of cells) {
      const cell = document.createElement(tag);
      cell.textContent = text;
      if (tag === "th") cell.setAttribute("scope", "col");
      tr.append(cell);
    }
    return tr;
  };
  const head = document.createElement("thead"), body = document.createElement("tbody");
  head.append(row(drawn.head, "th"));
  body.append(...drawn.rows.map((cells) => row(cells, "td")));
  part("table").replaceChildren(head, body);
}

/** say tells what is going on; a problem is read out at once. */
export function say(text: string, problem = false): void {
  const status = part("status");
  status.textContent = text;
  status.classList.toggle("problem", problem);
  status.setAttribute("role", problem ? "alert" : "status");
}

/** only shows a sentence, where there is no picture. */
export function only(title: string, text: string): void {
  part("title").textContent = title;
  part("subtitle").textContent = text;
  part("description").textContent = "";
  part("figure").hidden = true;
  part("details").hidden = true;
  part("controls").replaceChildren();
}

export function busy(yes: boolean): void {
  part("page").setAttribute("aria-busy", String(yes));
}
