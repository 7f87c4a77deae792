import type { EventPayload } from "../../../schema/contract/index.ts";
import type { EventCheck } from "../../../schema/vocabulary/event-checks.ts";
import type { EventFault } from "./json-schema/check.ts";

type MaybePromise<T> = T | Promise<T>;

/** What its schema finds wrong with a payload; `undefined` if nothing. Some libraries answer with a promise. */
export type FindFaults = (payload: EventPayload) => MaybePromise<readonly EventFault[] | undefined>;

/** A kind of event, ready to be checked. */
export interface CheckedKind {
  readonly check: EventCheck;
  readonly description?: string | undefined;
  readonly examples?: readonly object[] | undefined;
  readonly key?: string | undefined;
  readonly version?: string | undefined;
  readonly faultsOf: FindFaults;
  /** Its schema as JSON Schema, for people; `undefined` where its library cannot say. */
  jsonSchema(): unknown;
}

/** What is wrong with an event, and what becomes of it. */
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

/** What a definition says of an event; `undefined` if it has nothing against it. A promise only where a schema gives one. */
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
        ? `is none of the ${kinds.size} kinds that are defined`
        : "must be a string: it names the kind of the event";
  return { refused: unknown === "reject", faults: [{ path: [member], message }] };
}
