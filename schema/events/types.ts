import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CloudEvent } from "../contract/cloud-event.ts";
import type { AsJson, EventPayload } from "../contract/payload.ts";
import type { EventCheck } from "../vocabulary/event-checks.ts";

/** What is known of one kind of event. */
export interface EventKind<Schema extends StandardSchemaV1 = StandardSchemaV1> {
  /** Of the whole payload, as it is emitted. */
  readonly schema: Schema;
  /** For people: when it is emitted, and what it means. */
  readonly description?: string;
  /** Payloads, for people and for the console's form. */
  readonly examples?: readonly object[];
  /** JSONPath of what names the thing that the event is about: a hint for the `key` of limits and orders. */
  readonly key?: string;
  /** Of the schema, for people. */
  readonly version?: string;
  /** What becomes of one that the schema refuses; default as the definition has it. */
  readonly check?: EventCheck;
}

/** What `defineEvents` takes: by kind, a schema alone, or with what else is known. */
export type EventKinds = { readonly [kind: string]: StandardSchemaV1 | EventKind };

/** A definition of events; `Kinds` is for the types alone. */
export interface Events<
  Kinds extends EventKinds = EventKinds,
  Member extends string = string,
  CloudEvents extends boolean = boolean,
> {
  /** The member that names an event's kind. */
  readonly member: Member;
  readonly cloudEvents: CloudEvents;
  readonly check: EventCheck;
  readonly unknown: EventCheck;
  readonly kinds: { readonly [Kind in keyof Kinds]: EventKind };
  /** Never there: by it, types find what each kind's schema takes. */
  readonly "~kinds"?: Kinds;
}

/** The names of the kinds of a definition; any text without one. */
export type KindOf<Defined> = Defined extends Events<infer Kinds> ? keyof Kinds & string : string;

type MemberOf<Defined> = Defined extends Events<EventKinds, infer Member> ? Member : never;

type Schema<Kind> = Kind extends { readonly schema: infer Given } ? Given : Kind;

/** What a schema takes, not what it makes of it: an event is stored and delivered as it was emitted. */
type Input<Given> = Given extends StandardSchemaV1 ? NonNullable<Given["~standard"]["types"]>["input"] : never;

type PayloadOfKind<Defined, Kind extends string> =
  Defined extends Events<infer Kinds, infer Member, infer CloudEvents>
    ? { readonly [M in Member]: Kind } & AsJson<Input<Schema<Kinds[Kind]>>> &
        (CloudEvents extends true ? CloudEvent : unknown)
    : never;

/** The payload of a kind, or of several, as a union that `switch (event.kind)` narrows: what is emitted, and what a consumer gets. */
export type EventOf<Defined extends Events, Kind extends KindOf<Defined> = KindOf<Defined>> = Kind extends unknown
  ? PayloadOfKind<Defined, Kind>
  : never;

/** {@link EventOf}; any payload without a definition. */
export type PayloadOf<Defined, Kind extends KindOf<Defined> = KindOf<Defined>> = Defined extends Events
  ? EventOf<Defined, Kind>
  : EventPayload;

/** Where the kind stands, unless it is in `kind`. */
export type MemberOption<Defined> =
  MemberOf<Defined> extends "kind" ? [options?: { kind?: "kind" }] : [options: { kind: MemberOf<Defined> }];
