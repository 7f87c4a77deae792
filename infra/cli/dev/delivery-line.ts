import pc from "picocolors";
import { printable } from "../../../schema/text/printable.ts";
import type { DispatchStatus } from "../../../schema/vocabulary/statuses.ts";
import { status as coloured, short } from "../ops/print.ts";

/** What a line tells of a dispatch. */
export interface Delivery {
  id: string;
  /** The event's id. */
  event: string;
  /** What the event is called: its `kind` or `type`. */
  name: string | null;
  destination: string;
  status: DispatchStatus;
  attempts: number;
  reason: string | null;
  /** From the dispatch to its result; `null` before that. */
  ms: number | null;
  nextSeconds: number;
}

const NAME_LENGTH = 60;
const REASON_LENGTH = 200;

/** `order.paid → BILLING complete 12 ms`; of an attempt that failed, why and when the next one is. */
export function deliveryLine({
  event,
  name,
  destination,
  status,
  attempts,
  reason,
  ms,
  nextSeconds,
}: Delivery): string {
  const head = `${short(name ?? event, NAME_LENGTH)} ${pc.dim("→")} ${pc.bold(printable(destination))}`;
  const why = reason === null ? "" : `: ${short(reason, REASON_LENGTH)}`;
  if (ms === null) {
    const next = nextSeconds > 0 ? `, next in ${duration(nextSeconds * 1000)}` : "";
    return `${head} ${pc.yellow(`attempt ${attempts} failed`)}${why}${pc.dim(next)}`;
  }
  const count = attempts > 1 ? `, ${attempts} attempts` : "";
  return `${head} ${coloured(status).text} ${pc.dim(`${duration(ms)}${count}`)}${why}`;
}

/** What is said of an event that goes nowhere. */
export function unroutedLine(name: string): string {
  return `${short(name, NAME_LENGTH)} ${pc.dim("→")} ${pc.yellow("no route takes it")}`;
}

/** What is said where more has happened than lines can tell. */
export function moreLine(): string {
  return pc.yellow("more was delivered than is told here: the console shows all of it");
}

function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
