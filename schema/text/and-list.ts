let format: Intl.ListFormat | undefined;

/** Names in a sentence: `A`, `A and B`, `A, B and C`. */
export function andList(names: Iterable<string>): string {
  // British, because American English has a comma before the "and". Made only when it is needed, since ICU takes milliseconds to load a language.
  format ??= new Intl.ListFormat("en-GB");
  return format.format(names);
}
