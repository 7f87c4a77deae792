import type { FlowRules } from "../../../schema/config/destinations/flow.ts";
import type { FlowLimits } from "../../../schema/contract/flow.ts";
import type { DispatchWait, KeyWait } from "../../../schema/vocabulary/statuses.ts";
import { count, many } from "./amounts.ts";

/** A key for people. The shared key has no name. */
export const keyName = (key: string): string => (key === "" ? "(no key)" : key);

/** The reason why a key waits, in a few words. */
export const KEY_WAIT_WORDS: Readonly<Record<KeyWait, string>> = {
  pause: "paused",
  held: "a failed dispatch ahead of it",
  time: "nothing due yet",
  rate: "its rate",
  concurrency: "a call to end",
  cooldown: "the wait it asked for",
  turn: "its turn",
};

/** The reason why a dispatch waits, as the end of "Attempt 1 of 6 waits …". */
export const DISPATCH_WAIT_WORDS: Readonly<Record<DispatchWait, string>> = {
  pause: "for its destination to be resumed",
  key_pause: "for its key to be resumed",
  drain: "for its destination to drain",
  held: "for a failed dispatch ahead of it",
  order: "for its turn",
  time: "until it is due",
  rate: "for its turn: the rate is used up",
  concurrency: "for its turn: the allowed number of calls is in flight",
  cooldown: "for its turn: the destination asked for a wait",
  turn: "for its turn",
};

/** Limits as configured or set by hand: `20 a second, burst 2; 50 at once`. */
export function limitWords({ rate, concurrency, weight }: FlowLimits): string {
  const words = [
    ...(rate === undefined ? [] : [rate === null ? "no rate" : rateWords(rate)]),
    ...(concurrency === undefined
      ? []
      : [concurrency === null ? "any number at once" : `${count(concurrency)} at once`]),
    ...(weight === undefined ? [] : [`${many(weight, "turn")} for each turn of others`]),
  ];
  return words.join("; ");
}

/** A destination's limits and order in one line. */
export function ruleWords({ key, hold, ...own }: FlowRules): string {
  const weights = Object.keys(key?.weights ?? {}).length;
  const ofKey = [
    ...(key === undefined ? [] : [limitWords(key)]),
    ...(weights === 0 ? [] : [`${many(weights, "weight")}`]),
  ].filter((words) => words !== "");
  return (
    [
      limitWords(own),
      ...(key === undefined ? [] : [`each key: ${ofKey.join("; ") || "in turn"}`]),
      ...(hold === true ? ["in order, held by failures"] : []),
    ]
      .filter((words) => words !== "")
      .join(". ") || "in order"
  );
}

function rateWords({ limit, perSeconds, burst = 1 }: NonNullable<FlowLimits["rate"]>): string {
  const each = perSeconds === 1 ? "a second" : `in ${count(perSeconds)} s`;
  return `${count(limit)} ${each}${burst === 1 ? "" : `, burst ${count(burst)}`}`;
}
