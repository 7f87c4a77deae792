/** Columns that many tables have. A table's own columns are in the file that shows it. */
import type { Column } from "./fit-columns.ts";

/** A destination's name. */
export const DESTINATION: Column = { head: "destination", least: 12 };

/** The most places of a reason at the end of a line. */
export const MAX_REASON_PLACES = 200;
