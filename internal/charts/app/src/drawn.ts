/** Key says what a mark of the drawing means. */
export interface Key { marks: SVGElement[]; text: string }

/** Drawn is a picture on the page: what is seen, and the same as rows of a table. */
export interface Drawn {
  svg?: SVGElement;
  legend?: Key[];
  head: string[];
  rows: string[][];
  empty?: string; // why there is no drawing
}
