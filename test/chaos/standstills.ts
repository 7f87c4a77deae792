import type { Evidence } from "./evidence.ts";
import type { Trouble } from "./journal.ts";

/** A record takes its round trip after the flush; on a busy machine so many milliseconds. */
export const RECORD_MS = 2_000;
/** Two clocks of one machine, one of which workerd advances only with its I/O, in milliseconds. */
export const CLOCK_MS = 5;

type Span = Pick<Trouble, "from" | "to">;

/** When nothing moved, or something died: what was on its way then may have come late. */
export const standstills = ({ stalls, deaths }: Evidence): readonly Span[] => [
  ...stalls,
  ...deaths.map(({ at }) => ({ from: at, to: at })),
];

/** Whether one of them lies in that time, its ends included. */
export const overlaps = (spans: readonly Span[], start: number, end: number): boolean =>
  spans.some(({ from, to }) => from <= end && to >= start);
