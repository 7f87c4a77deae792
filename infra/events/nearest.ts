import { distance } from "fastest-levenshtein";

/** `: did you mean $.customer.id?` if a known text is similar to the written one; otherwise empty. */
export function didYouMean(written: string, known: Iterable<string>): string {
  let best: { text: string; far: number } | undefined;
  for (const text of known) {
    const far = distance(written.toLowerCase(), text.toLowerCase());
    if (best === undefined || far < best.far) best = { text, far };
  }
  // At most a third of it may differ, as in compilers.
  return best !== undefined && best.far <= Math.max(1, Math.floor(written.length / 3))
    ? `: did you mean ${best.text}?`
    : "";
}
