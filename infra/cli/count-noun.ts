/** A number with its noun, in the plural unless it is one: `1 route`, `0 routes`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
