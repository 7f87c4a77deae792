/** The beginning of a text that spreadsheets treat as a formula, whoever wrote it. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** The most rows in one file. */
export const MAX_EXPORTED_ROWS = 10_000;

/** Rows as CSV (RFC 4180), with a byte order mark so that spreadsheets read UTF-8. An apostrophe keeps texts from becoming formulas. */
export const csv = (rows: readonly (readonly unknown[])[]): string =>
  `\ufeff${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text =
    value instanceof Date ? value.toISOString() : typeof value === "object" ? JSON.stringify(value) : String(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
