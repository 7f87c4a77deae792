import type { Floor } from "../floor.ts";
import { short } from "./table.ts";

/** The floor in a few lines. */
export function formatFloor({
  instancesPerSecond,
  messagesPerSecond,
  callsPerSecond,
  roundTripMs,
  roundTripsPerSecond,
  chainMs,
}: Floor): string {
  return [
    "The floor, in the same run:",
    `  an empty Workflow instance with one step    ${short(instancesPerSecond.median)}/s`,
    `  a message through a queue, 100 a call       ${short(messagesPerSecond.median)}/s`,
    `  a call of a consumer's handle, 16 at once   ${short(callsPerSecond.median)}/s`,
    `  a round trip to the database's endpoint     ${short(roundTripMs.median)} ms, ${short(roundTripsPerSecond.median)}/s with 8 at once`,
    `  one event: a statement, message and instance,
    and in it a statement, call and statement ${short(chainMs.median)} ms`,
  ].join("\n");
}
