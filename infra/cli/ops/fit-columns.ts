/** A column of a table, and what happens to it if the terminal is too narrow for all. Without these settings, it stays as it is. */
export interface Column {
  head: string;
  /** It may be shortened to this many places, but no further. */
  least?: number;
  /** It may move to a line below its row. */
  below?: true;
  /** It may be left out. Columns with the lowest number go first. */
  drop?: number;
}

/** The columns that are shown, by their indexes. */
export interface Fitted {
  /** Those in the row, and how many places each takes. */
  shown: readonly { index: number; places: number }[];
  below: readonly number[];
  left: readonly number[];
}

/** The spaces between two columns. */
const GAP = 2;

/**
 * Chooses what to show of a table in lines of `width` places. First it shortens text. Then it moves columns below their row, and at last it leaves
 * columns out. If that is not enough, the table is as wide as it is.
 *
 * @param needs How many places each column takes if nothing is shortened.
 */
export function chooseColumns(
  columns: readonly Column[],
  needs: readonly number[],
  width = Number.POSITIVE_INFINITY,
): Fitted {
  const all = columns.map((column, index) => {
    const need = needs[index] ?? 0;
    return { index, need, least: Math.min(need, Math.max(column.least ?? need, 1)), ...column };
  });
  let row = all;
  const isTooWide = () => row.reduce((sum, { least }) => sum + least + GAP, -GAP) > width;
  const below = isTooWide() ? row.filter((column) => column.below) : [];
  row = row.filter((column) => !below.includes(column));
  const left: number[] = [];
  for (const column of all.filter(({ drop }) => drop !== undefined).sort((a, b) => (a.drop ?? 0) - (b.drop ?? 0))) {
    if (!isTooWide()) break;
    if (!row.includes(column)) continue;
    row = row.filter((other) => other !== column);
    left.push(column.index);
  }
  return { shown: share(row, width), below: below.map(({ index }) => index), left: left.sort((a, b) => a - b) };
}

/** Gives each column its least width, and then the remaining places, one by one in turn. */
function share(row: readonly { index: number; need: number; least: number }[], width: number): Fitted["shown"] {
  const shown = row.map(({ index, least, need }) => ({ index, places: least, need }));
  let spare = width - shown.reduce((sum, { places }) => sum + places + GAP, -GAP);
  for (let wanting = shown; spare > 0 && wanting.length > 0; ) {
    wanting = wanting.filter(({ places, need }) => places < need);
    for (const column of wanting) {
      if (spare <= 0) break;
      column.places++;
      spare--;
    }
  }
  return shown.map(({ index, places }) => ({ index, places }));
}
