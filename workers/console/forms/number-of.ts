/** The number that was typed. NaN if the text is none, so that the hub refuses it and names its place. */
export const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));
