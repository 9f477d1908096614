// Elements are made one by one and text is only ever text, so no answer can bring markup in.

type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes = {}, ...children: (Node | string)[]): SVGElement {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) e.setAttribute(key, String(value));
  e.append(...children);
  return e;
}

export function rect(x0: number, y0: number, x1: number, y1: number, fill: string, title?: string): SVGElement {
  const e = element("rect", { x: x0, y: y0, width: Math.max(0.75, x1 - x0), height: Math.max(0, y1 - y0), style: `fill: var(--${fill})` });
  if (title) e.append(element("title", {}, title));
  return e;
}

export function line(x0: number, y0: number, x1: number, y1: number, colour: string, width = 1, dash?: string): SVGElement {
  return element("line", { x1: x0, y1: y0, x2: x1, y2: y1, style: `stroke: var(--${colour})`, "stroke-width": width, "stroke-dasharray": dash });
}

export type Anchor = "start" | "middle" | "end";

export function text(x: number, y: number, content: string, anchor: Anchor = "start", style = ""): SVGElement {
  return element("text", { x, y, "text-anchor": anchor, class: style || undefined }, content);
}

export function dot(x: number, y: number, r: number, hollow = false, title?: string): SVGElement {
  const e = element("circle", { cx: x, cy: y, r, style: `fill: var(--${hollow ? "page" : "sleep"}); stroke: var(--sleep)`, "stroke-width": 1.5 });
  if (title) e.append(element("title", {}, title));
  return e;
}

/** drawing is the whole picture: an image, whose facts the description and the table have, or a group of what can be pressed. */
export function drawing(width: number, height: number, role: "img" | "group" = "img"): SVGElement {
  return element("svg", { viewBox: `0 0 ${width} ${height}`, height, role, "aria-labelledby": "title" });
}

const letter = 6.6; // how wide one of 12 px is, about

/** fits estimates whether a text of 12 px has room. */
export function fits(content: string, width: number): boolean {
  return content.length * letter < width;
}

/** wrapped breaks a text between its words into lines that have room. */
export function wrapped(content: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length && fits(longer, width)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** cut leaves out the end of a text that has no room. */
export function cut(content: string, width: number): string {
  return fits(content, width) ? content : `${content.slice(0, Math.max(1, Math.floor(width / letter) - 1))}…`;
}
