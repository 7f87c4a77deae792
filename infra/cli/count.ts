/** A number with its noun, in the plural unless it is one: `1 route`, `0 routes`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
