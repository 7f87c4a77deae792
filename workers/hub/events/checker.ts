import type { EventPayload } from "../../../schema/contract/index.ts";
import type { EventCheck } from "../../../schema/vocabulary/event-checks.ts";
import type { EventFault } from "./json-schema/check.ts";

type MaybePromise<T> = T | Promise<T>;

/** The faults that a kind's schema finds in a payload; `undefined` if there are none. Some libraries answer with a promise. */
export type FindFaults = (payload: EventPayload) => MaybePromise<readonly EventFault[] | undefined>;

/** A kind of event, ready to be checked. */
export interface CheckedKind {
  readonly check: EventCheck;
  readonly description?: string | undefined;
  readonly examples?: readonly object[] | undefined;
  readonly key?: string | undefined;
  readonly version?: string | undefined;
  readonly faultsOf: FindFaults;
  /** The schema as JSON Schema, for people; `undefined` if its library cannot provide that. */
  jsonSchema(): unknown;
}

/** The faults of an event, and whether it is refused for them. */
export interface Verdict {
  readonly refused: boolean;
  readonly faults: readonly EventFault[];
}

/** A definition of events, ready to check payloads. */
export interface EventChecker {
  /** The member that names an event's kind. */
  readonly member: string;
  readonly check: EventCheck;
  readonly unknown: EventCheck;
  readonly kinds: ReadonlyMap<string, CheckedKind>;
}

/** The verdict of a definition on an event; `undefined` if it finds no fault. A promise only if the kind's schema answers with one. */
export function judge(checker: EventChecker, payload: EventPayload): MaybePromise<Verdict | undefined> {
  const kind = payload[checker.member];
  const known = typeof kind === "string" ? checker.kinds.get(kind) : undefined;
  if (known === undefined) return judgeUnknown(checker, kind);
  if (known.check === "off") return undefined;
  const refused = known.check === "reject";
  const faults = known.faultsOf(payload);
  if (faults instanceof Promise) return faults.then((found) => found && { refused, faults: found });
  return faults && { refused, faults };
}

function judgeUnknown({ unknown, member, kinds }: EventChecker, kind: unknown): Verdict | undefined {
  if (unknown === "off") return undefined;
  const message =
    kind === undefined
      ? "is required: it names the kind of the event"
      : typeof kind === "string"
        ? `is none of the ${kinds.size} defined kinds`
        : "must be a string: it names the kind of the event";
  return { refused: unknown === "reject", faults: [{ path: [member], message }] };
}
