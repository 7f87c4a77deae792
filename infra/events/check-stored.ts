import type { EventPayload } from "../../schema/contract/index.ts";
import type { RecentEvent } from "../../schema/queries/events/read-recent-events.ts";
import { judgeStored } from "../../workers/hub/emit/check-event.ts";
import type { EventChecker } from "../../workers/hub/events/checker.ts";

/** The most examples that are kept for each kind. */
const MAX_EXAMPLES = 3;

/** The stored events of one kind, checked with a definition. */
export interface StoredKind {
  /** `undefined` for events without a kind. */
  kind: string | undefined;
  defined: boolean;
  events: number;
  refused: number;
  warned: number;
  examples: { eventId: string; faults: readonly string[] }[];
}

/** The result of checking stored events with a definition. */
export interface StoredCheck {
  events: number;
  /** Skipped, since retention has removed their payload. */
  withoutPayload: number;
  /** Kinds with refused events first. */
  kinds: StoredKind[];
}

/** Checks stored events of producers as if they were emitted now. */
export async function checkStored(checker: EventChecker, events: AsyncIterable<RecentEvent>): Promise<StoredCheck> {
  const kinds = new Map<string | undefined, StoredKind>();
  const total = { events: 0, withoutPayload: 0 };
  for await (const { id, payload } of events) {
    if (payload === null) {
      total.withoutPayload++;
      continue;
    }
    total.events++;
    const kind = kindOf(payload, checker.member);
    const tally = kinds.get(kind) ?? newKind(kind, checker);
    kinds.set(kind, tally);
    tally.events++;
    const found = await judgeStored(checker, payload);
    if (found === undefined) continue;
    if (found.refused) tally.refused++;
    else tally.warned++;
    if (tally.examples.length < MAX_EXAMPLES) tally.examples.push({ eventId: id, faults: found.faults });
  }
  const sorted = [...kinds.values()].sort(
    (a, b) => b.refused - a.refused || b.warned - a.warned || b.events - a.events,
  );
  return { ...total, kinds: sorted };
}

/** The kind of a payload. */
export const kindOf = (payload: EventPayload, member: string): string | undefined => {
  const kind = payload[member];
  return typeof kind === "string" ? kind : undefined;
};

const newKind = (kind: string | undefined, { kinds }: EventChecker): StoredKind => ({
  kind,
  defined: kind !== undefined && kinds.has(kind),
  events: 0,
  refused: 0,
  warned: 0,
  examples: [],
});
