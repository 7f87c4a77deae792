import type { SQL, sql as SqlTag } from "drizzle-orm";
import type { DispatchFilter, EventFilter, Moment, PayloadEquality } from "../contract/operator.ts";
import type { DispatchStatus } from "./statuses.ts";

/** The values that a part of a filter can have, after the check. */
export interface Taken {
  text: string;
  id: string;
  ids: string[];
  time: Date;
  boolean: boolean;
  statuses: DispatchStatus[];
  payload: SoughtValue;
}

/** A value that payloads must have. */
export interface SoughtValue extends PayloadEquality {
  /** An index finds it, as the database has just said. Callers never set this, and it is not stored. */
  indexed?: true;
}

/** The same values as callers give them. */
interface Given extends Omit<Taken, "ids" | "time" | "statuses"> {
  ids: readonly string[];
  time: Moment;
  statuses: DispatchStatus | readonly DispatchStatus[];
}

/** A condition in SQL on a dispatch `d` or an event `e`. It gets drizzle's tag as an argument, so that this table can be read without the library. */
type Condition<Value> = (value: Value, sql: typeof SqlTag) => SQL;

/**
 * How a list finds a part of its filter:
 *
 * - `index`: an index finds it.
 * - `branches`: an index finds it for one value at a time. The condition is on one value, and the list is a union over all of them.
 * - `row`: a bounded number of rows is looked at.
 * - `payload`: payloads are read and decompressed, of a smaller number of rows.
 */
export type FoundBy = "index" | "branches" | "row" | "payload";

/** How a list finds what a part of its filter requires. */
export interface Lookup<Value> {
  by: FoundBy;
  condition: Condition<Value>;
  /** The columns of the dispatch that the condition reads. */
  columns?: readonly string[];
}

interface Longest {
  /** The longest text, in characters. */
  readonly max: number;
  /** The least number, default 1. */
  readonly min?: number;
}

/** Everything about one part of a filter. */
export type FilterPart<Type extends keyof Taken> = {
  [T in Type]: {
    /** The type of its value. The hub's check follows from it, and how the terminal and the console read it. */
    readonly takes: T;
    readonly dispatches?: T extends "statuses" ? Lookup<DispatchStatus> : Lookup<Taken[T]>;
    readonly events?: Lookup<Taken[T]>;
    /** In a terminal: its options in commander's form, with their help. */
    readonly options: readonly (readonly [flags: string, help: string])[];
    /** In the console: its name. */
    readonly label: string;
    /** In the console: the name of the field with its value. A part without it consists of several fields, or has a form of its own. */
    readonly field?: string;
    /** In the console: always shown, even while the other filters are folded. */
    readonly inFront?: true;
  } & (T extends "text" ? Longest : unknown);
}[Type];

/** The types of values that fit the contract's type of a part. */
type Taking<Value> = { [T in keyof Given]: Given[T] extends Value ? T : never }[keyof Given];

/** A filter over either list. */
type AnyFilter = DispatchFilter & EventFilter;

/** A list says how it finds a part if its own filter has that part, and only then. */
type FoundIn<List extends string, Has extends boolean> = Has extends true
  ? { readonly [L in List]: object }
  : { readonly [L in List]?: undefined };

/** The part of a filter with this name in the contract. */
export type PartOf<Name extends keyof AnyFilter> = FilterPart<Taking<NonNullable<AnyFilter[Name]>>> &
  FoundIn<"dispatches", Name extends keyof DispatchFilter ? true : false> &
  FoundIn<"events", Name extends keyof EventFilter ? true : false>;

/** Every part of the contract's filters. */
export type FilterParts = { readonly [Name in keyof AnyFilter]-?: PartOf<Name> };
