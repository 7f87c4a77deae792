import type { ExecutionResult } from "../../../../schema/vocabulary/statuses.ts";
import type { AttemptMoment } from "./timeline-moments.ts";

/** Attempts that are shown together. */
export interface Fold {
  kind: "fold";
  /** The numbers of the first and the last attempt. */
  from: number;
  to: number;
  /** When the first attempt began, and when the last one ended. */
  since: Date;
  until: Date;
  /** Their results, the most frequent first. */
  ends: { result: ExecutionResult; reason: string | null; attempts: number }[];
  /** The number of Workflow instances that made them. */
  instances: number;
}

/** This many of the first and of the last attempts are shown one by one. */
const EDGE = 3;
/** From the requested attempt on, this many are shown one by one. */
export const ATTEMPTS_SHOWN = 50;
/** A shorter sequence is not folded. */
const MIN_FOLD = 5;
/** Up to this many sequences of equal results have a fold each. More share a single fold. */
const MAX_RUNS = 6;

/**
 * The attempts as shown: however many there are, at most a page of lines.
 *
 * @param wanted The number of the requested attempt. It and those after it are shown one by one.
 */
export function foldAttempts(attempts: readonly AttemptMoment[], wanted?: number): readonly (AttemptMoment | Fold)[] {
  const last = attempts.length - EDGE;
  const first = wanted === undefined ? -1 : attempts.findIndex(({ execution }) => execution.attempt === wanted);
  const isShown = (index: number) =>
    index < EDGE || index >= last || (first !== -1 && index >= first && index < first + ATTEMPTS_SHOWN);
  return split(attempts, (_, index) => isShown(index)).flatMap(({ items, key }) => (key ? items : foldRuns(items)));
}

function foldRuns(attempts: readonly AttemptMoment[]): readonly (AttemptMoment | Fold)[] {
  const runs = split(attempts, ({ execution }) => JSON.stringify([execution.result, execution.reason]));
  if (runs.length > MAX_RUNS) return foldIfLong(attempts);
  return runs.flatMap(({ items }) => foldIfLong(items));
}

function foldIfLong(attempts: readonly AttemptMoment[]): readonly (AttemptMoment | Fold)[] {
  const [first, last] = [attempts.at(0), attempts.at(-1)];
  if (attempts.length < MIN_FOLD || first === undefined || last === undefined) return attempts;
  const ends = new Map<string, Fold["ends"][number]>();
  for (const { execution } of attempts) {
    const { result, reason } = execution;
    const key = JSON.stringify([result, reason]);
    ends.set(key, { result, reason, attempts: (ends.get(key)?.attempts ?? 0) + 1 });
  }
  return [
    {
      kind: "fold",
      from: first.execution.attempt,
      to: last.execution.attempt,
      since: first.execution.startedAt,
      until: last.execution.finishedAt,
      ends: [...ends.values()].sort((one, other) => other.attempts - one.attempts),
      instances: new Set(attempts.map(({ execution }) => execution.instanceId)).size,
    },
  ];
}

/** Splits items into sequences with the same key. */
function split<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item, index: number) => Key,
): { key: Key; items: Item[] }[] {
  const parts: { key: Key; items: Item[] }[] = [];
  items.forEach((item, index) => {
    const key = keyOf(item, index);
    const part = parts.at(-1);
    if (part?.key === key) part.items.push(item);
    else parts.push({ key, items: [item] });
  });
  return parts;
}
