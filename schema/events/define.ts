import {
  CLOUD_EVENT_KIND_MEMBER,
  DEFAULT_EVENT_CHECK,
  DEFAULT_KIND_MEMBER,
  DEFAULT_UNKNOWN_CHECK,
  EVENT_CHECKS,
  type EventCheck,
} from "../vocabulary/event-checks.ts";
import { hasOwnKind } from "../vocabulary/event-origins.ts";
import type { EventKind, EventKinds, Events } from "./types.ts";

/** Settings for all kinds of a definition. */
export interface DefineOptions<Member extends string, CloudEvents extends boolean> {
  /** The member that names an event's kind; default `kind`, and `type` with `cloudEvents`. */
  kind?: Member;
  /** Whether the events are CloudEvents: emit them with the option `cloudEvents`. */
  cloudEvents?: CloudEvents;
  /** What happens to an event that its schema refuses; default `reject`. */
  check?: EventCheck;
  /** What happens to an event whose kind is not defined; default `warn`. */
  unknown?: EventCheck;
}

/**
 * Defines the events of a hub, by kind. Each schema is for a whole payload, and may come from any library of Standard Schema (valibot, zod, arktype
 * and others).
 *
 * @example
 * ```ts
 * import { defineEvents } from "cf-eventhub-workflows/events";
 * import * as v from "valibot";
 * export const events = defineEvents({
 *   "order.paid": v.object({ id: v.string(), total: v.number() }),
 *   "order.refunded": { schema: v.object({ id: v.string() }), description: "The customer has the money back.", check: "warn" },
 * });
 * ```
 * @throws TypeError that says which kind is at fault, and with what
 */
export function defineEvents<
  const Kinds extends EventKinds,
  const CloudEvents extends boolean = false,
  const Member extends string = CloudEvents extends true ? "type" : "kind",
>(kinds: Kinds, options: DefineOptions<Member, CloudEvents> = {}): Events<Kinds, Member, CloudEvents> {
  const { cloudEvents = false, check = DEFAULT_EVENT_CHECK, unknown = DEFAULT_UNKNOWN_CHECK } = options;
  checkWord("check", check);
  checkWord("unknown", unknown);
  const member = options.kind ?? (cloudEvents ? CLOUD_EVENT_KIND_MEMBER : DEFAULT_KIND_MEMBER);
  if (typeof member !== "string" || member === "") throw new TypeError("kind: must be the name of a member");
  // Without a prototype: "constructor" is a valid name of a kind.
  const read: Record<string, EventKind> = Object.create(null);
  for (const [kind, given] of Object.entries(kinds)) read[kind] = readKind(kind, given);
  return Object.freeze({ member, cloudEvents, check, unknown, kinds: Object.freeze(read) }) as unknown as Events<
    Kinds,
    Member,
    CloudEvents
  >;
}

function readKind(kind: string, given: EventKinds[string]): EventKind {
  const place = JSON.stringify(kind);
  if (kind === "") throw new TypeError(`${place}: a kind needs a name`);
  if (hasOwnKind({ kind })) throw new TypeError(`${place}: kinds that begin with eventhub. are reserved for the hub`);
  const read = isSchema(given) ? { schema: given } : given;
  if (!isSchema(read?.schema))
    throw new TypeError(`${place}: must be a Standard Schema, or an object with one as its schema`);
  if (read.check !== undefined) checkWord(`${place}.check`, read.check);
  return Object.freeze({ ...read });
}

/** A schema of arktype is a function. */
function isSchema(given: unknown): given is EventKind["schema"] {
  return given !== null && (typeof given === "object" || typeof given === "function") && "~standard" in given;
}

function checkWord(place: string, word: unknown): void {
  if ((EVENT_CHECKS as readonly unknown[]).includes(word)) return;
  throw new TypeError(`${place}: must be one of ${EVENT_CHECKS.join(", ")}, got ${JSON.stringify(word)}`);
}
