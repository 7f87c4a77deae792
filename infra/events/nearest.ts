import { distance } from "fastest-levenshtein";

/** `: did you mean $.customer.id?` where one of some texts is near to what was written; empty otherwise. */
export function didYouMean(written: string, known: Iterable<string>): string {
  let best: { text: string; far: number } | undefined;
  for (const text of known) {
    const far = distance(written.toLowerCase(), text.toLowerCase());
    if (best === undefined || far < best.far) best = { text, far };
  }
  // A third of it at most, as compilers have it.
  return best !== undefined && best.far <= Math.max(1, Math.floor(written.length / 3))
    ? `: did you mean ${best.text}?`
    : "";
}
