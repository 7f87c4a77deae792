/** A number as it was typed; NaN, which the hub refuses with its place, where it is none. */
export const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));
