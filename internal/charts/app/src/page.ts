import { drawContrast } from "./contrast";
import { controlsOf, type Actions, type Shown } from "./controls";
import type { Drawn, Key } from "./drawn";
import { drawGroup } from "./group";
import { drawMonths } from "./months";
import { drawNight } from "./night";
import { drawNights } from "./nights";
import { element } from "./svg";

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
  part("title").replaceChildren(...unbroken(p.title));
  part("subtitle").textContent = p.subtitle ?? "";
  part("description").textContent = withoutStart(String(s.picture.description ?? ""), p.subtitle ?? "");
  const focused = document.activeElement?.closest("[data-control], .row");
  const controls = controlsOf(s, act);
  controls.forEach((c, i) => (c.querySelector("select, input") ?? c).setAttribute("data-control", String(i)));
  part("controls").replaceChildren(...controls);
  if (focused) focusAgain(focused.getAttribute("data-control") ?? "0");
  if (drawn.svg?.getAttribute("role") === "img") for (const mark of drawn.svg.children) mark.setAttribute("aria-hidden", "true");
  part("drawing").replaceChildren(drawn.svg ?? paragraph(drawn.empty ?? "Nothing to draw."));
  part("legend").replaceChildren(...(drawn.legend ?? []).map(entry));
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

/** focusAgain puts the focus where it was before the controls were made anew, or on the first of them. */
function focusAgain(control: string): void {
  const same = document.querySelector<HTMLElement>(`[data-control="${control}"]:not([disabled])`);
  (same ?? document.querySelector<HTMLElement>("[data-control]:not([disabled])"))?.focus();
}

/** withoutStart leaves out what was read before. */
function withoutStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length).trim() : text;
}

/** notesOf are the lines below the picture: what to know of it. */
function notesOf(s: Shown): string[] {
  const p = s.picture, notes: string[] = [];
  if (p.picture.demo) notes.push(demoText);
  notes.push(...(p.picture.notes ?? []).map(String));
  if (p.picture.timezone) notes.push(`Clock times in ${p.picture.timezone}.`);
  return notes;
}

/** unbroken keeps each date of a text on one line. */
function unbroken(text: string): (Node | string)[] {
  return text.split(/(\d{4}-\d\d-\d\d)/).map((piece, i) => {
    if (i % 2 === 0) return piece;
    const date = document.createElement("span");
    date.className = "date";
    date.textContent = piece;
    return date;
  });
}

function paragraph(text: string): HTMLElement {
  const e = document.createElement("p");
  e.textContent = text;
  return e;
}

function entry(k: Key): HTMLElement {
  const e = document.createElement("li");
  e.append(element("svg", { viewBox: "0 0 18 12", width: 18, height: 12 }, ...k.marks), k.text);
  return e;
}

function fillTable(drawn: Drawn): void {
  part("details").hidden = drawn.rows.length === 0;
  const row = (cells: string[], tag: "th" | "td") => {
    const tr = document.createElement("tr");
    for (const text of cells) {
      const heads = tag === "th" ? "col" : tr.childElementCount ? "" : "row";
      const cell = document.createElement(heads ? "th" : "td");
      cell.textContent = text;
      if (heads) cell.setAttribute("scope", heads);
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
