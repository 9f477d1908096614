/** Drawn is a picture on the page: what is seen, and the same as rows of a table. */
export interface Drawn {
  svg?: SVGElement;
  head: string[];
  rows: string[][];
  empty?: string; // why there is no drawing
}
