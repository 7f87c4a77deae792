import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { CloudEvent } from "../contract/cloud-event.ts";
import type { AsJson, EventPayload } from "../contract/payload.ts";
import type { EventCheck } from "../vocabulary/event-checks.ts";

/** The definition of one kind of event. */
export interface EventKind<Schema extends StandardSchemaV1 = StandardSchemaV1> {
  /** The schema of the whole payload, as it is emitted. */
  readonly schema: Schema;
  /** For people: when it is emitted, and what it means. */
  readonly description?: string;
  /** Example payloads, for people and for the console's form. */
  readonly examples?: readonly object[];
  /** JSONPath of the value that identifies the event's subject: a hint for the `key` of limits and orders. */
  readonly key?: string;
  /** The version of the schema, for people. */
  readonly version?: string;
  /** What happens to an event that the schema refuses; default as the definition sets it. */
  readonly check?: EventCheck;
}

/** The argument of `defineEvents`: by kind, a schema alone, or an object with more. */
export type EventKinds = { readonly [kind: string]: StandardSchemaV1 | EventKind };

/** A definition of events; `Kinds` is only for the types. */
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
  /** Does not exist at run time. Types use it to find what each kind's schema accepts. */
  readonly "~kinds"?: Kinds;
}

/** The names of the kinds of a definition; any text without one. */
export type KindOf<Defined> = Defined extends Events<infer Kinds> ? keyof Kinds & string : string;

type MemberOf<Defined> = Defined extends Events<EventKinds, infer Member> ? Member : never;

type Schema<Kind> = Kind extends { readonly schema: infer Given } ? Given : Kind;

/** What a schema accepts, not its output: an event is stored and delivered as it was emitted. */
type Input<Given> = Given extends StandardSchemaV1 ? NonNullable<Given["~standard"]["types"]>["input"] : never;

type PayloadOfKind<Defined, Kind extends string> =
  Defined extends Events<infer Kinds, infer Member, infer CloudEvents>
    ? { readonly [M in Member]: Kind } & AsJson<Input<Schema<Kinds[Kind]>>> &
        (CloudEvents extends true ? CloudEvent : unknown)
    : never;

/** The payload of a kind, or of several kinds, as a union that `switch (event.kind)` narrows: what is emitted, and what a consumer gets. */
export type EventOf<Defined extends Events, Kind extends KindOf<Defined> = KindOf<Defined>> = Kind extends unknown
  ? PayloadOfKind<Defined, Kind>
  : never;

/** {@link EventOf}; any payload without a definition. */
export type PayloadOf<Defined, Kind extends KindOf<Defined> = KindOf<Defined>> = Defined extends Events
  ? EventOf<Defined, Kind>
  : EventPayload;

/** How many levels of a payload {@link PathOf} covers: each level may multiply the paths, and an editor waits for all of them. */
type Levels = [never, 0, 1, 2, 3];

/** The JSONPaths of everything in a value. */
type PathsIn<Value, Before extends string, Level extends number> = Level extends 0
  ? never
  : Value extends readonly (infer Item)[]
    ? `${Before}[*]` | PathsIn<Item, `${Before}[*]`, Levels[Level]>
    : Value extends object
      ? {
          [Member in keyof Value & string]: string extends Member
            ? never
            : Member extends `${string}${Unnameable}${string}` | ""
              ? never
              : `${Before}.${Member}` | PathsIn<Value[Member], `${Before}.${Member}`, Levels[Level]>;
        }[keyof Value & string]
      : never;

/** Characters, among those that are common in names, with which a member cannot be written after a dot. */
type Unnameable = "." | "-" | " " | "/" | ":" | "[" | "]" | "'" | '"' | "@" | "$";

/** A JSONPath in a condition. An editor completes those of a definition's payloads, four members deep; any other text is accepted as well. */
export type PathOf<Defined> = (Defined extends Events ? PathsIn<EventOf<Defined>, "$", 4> : never) | (string & {});

/** The member that names the kind, unless it is `kind`. */
export type MemberOption<Defined> =
  MemberOf<Defined> extends "kind" ? [options?: { kind?: "kind" }] : [options: { kind: MemberOf<Defined> }];
