let format: Intl.ListFormat | undefined;

/** Names in a sentence: `A`, `A and B`, `A, B and C`. */
export function andList(names: Iterable<string>): string {
  // British, for American English has a comma before the "and"; and not before it is needed, since it takes ICU milliseconds to load a language.
  format ??= new Intl.ListFormat("en-GB");
  return format.format(names);
}
