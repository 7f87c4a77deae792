import { many, oneLine } from "../../format/amounts.ts";

const dispatches = (verb: string) => (n: number) => `${verb} ${many(n, "dispatch", "dispatches")}`;
const destinations = (verb: string) => (n: number) => `${verb} ${many(n, "destination")}`;

/** The meaning of each counter of a run, in plain words. */
const WORDS: Readonly<Record<string, (n: number) => string>> = {
  routed: (n) => `routed ${many(n, "event")} emitted in SQL`,
  operations: (n) => `went on with ${many(n, "operation")}`,
  requeued: dispatches("enqueued again"),
  nudged: dispatches("woke the instances of"),
  waiting: dispatches("left alone"),
  missing: dispatches("found no instance of"),
  paused: dispatches("found the instances paused of"),
  replaced: dispatches("gave new instances to"),
  lost: dispatches("gave up as lost"),
  drained: dispatches("let go after a pause"),
  started: (n) => `started ${many(n, "instance")} for limits or an order`,
  tripped: destinations("paused by its breaker"),
  closed: destinations("resumed by its breaker"),
  probed: destinations("probed"),
  prunedPayloads: (n) => `removed ${many(n, "payload")}`,
  prunedRows: (n) => `deleted ${many(n, "event")}`,
};

/** What a run did, in plain words and without zeros, and which parts of it failed. */
export function foundText(found: Readonly<Record<string, unknown>>): string {
  const said = partsOf(found);
  return said.length === 0 ? "nothing to do" : oneLine(said.join(", "), 200);
}

function partsOf(found: object): string[] {
  return Object.entries(found).flatMap(([name, value]) => {
    if (typeof value === "number") return value === 0 ? [] : [WORDS[name]?.(value) ?? `${name} ${value}`];
    if (Array.isArray(value)) return value.length === 0 ? [] : [`${name}: ${value.map(asText).join(", ")}`];
    return [`${name}: ${String(value)}`];
  });
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
