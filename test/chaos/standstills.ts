import type { Evidence } from "./evidence.ts";
import type { Trouble } from "./journal.ts";

/** How long a record may take after the flush on a busy machine, for its round trip. */
export const RECORD_MS = 2_000;
/** The difference between two clocks of one machine, in milliseconds: workerd advances one of them only with its I/O. */
export const CLOCK_MS = 5;

type Span = Pick<Trouble, "from" | "to">;

/** When nothing moved, or something died: calls and messages that were on their way then may have come late. */
export const standstills = ({ stalls, deaths }: Evidence): readonly Span[] => [
  ...stalls,
  ...deaths.map(({ at }) => ({ from: at, to: at })),
];

/** Whether one of the spans overlaps that time, ends included. */
export const overlaps = (spans: readonly Span[], start: number, end: number): boolean =>
  spans.some(({ from, to }) => from <= end && to >= start);
