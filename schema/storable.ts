/** True for text that Postgres can store: Unicode without U+0000. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");
