import type { SQL, sql as SqlTag } from "drizzle-orm";
import type { EventFilter, Moment, PayloadEquality } from "../contract/operator.ts";
import type { DispatchStatus } from "./statuses.ts";

/** What a part of a filter can take, as it is after the check. */
export interface Taken {
  text: string;
  id: string;
  ids: string[];
  time: Date;
  boolean: boolean;
  statuses: DispatchStatus[];
  payload: PayloadEquality;
}

/** The same as callers give it. */
interface Given extends Omit<Taken, "ids" | "time" | "statuses"> {
  ids: readonly string[];
  time: Moment;
  statuses: DispatchStatus | readonly DispatchStatus[];
}

/** A condition in SQL on a dispatch `d` or an event `e`. It gets drizzle's tag, so that this table can be read without the library. */
type Condition<Value> = (value: Value, sql: typeof SqlTag) => SQL;

/**
 * How a list looks for a part. `index`: an index finds it. `branches`: an index finds it for one value at a time, so that the condition is
 * on one, and the list is a union over all of them. `row`: a bounded number of rows is looked at. `payload`: payloads are read and unpacked,
 * of a smaller number.
 */
export type FoundBy = "index" | "branches" | "row" | "payload";

/** How a list finds what a part of its filter asks for. */
export interface Lookup<Value> {
  by: FoundBy;
  condition: Condition<Value>;
  /** The columns of the dispatch that it looks at. */
  columns?: readonly string[];
}

interface Longest {
  /** Longest text, in characters. */
  readonly max: number;
  /** Least, default 1. */
  readonly min?: number;
}

/** One part of a filter, and all that there is to know of it. */
export type FilterPart<Type extends keyof Taken> = {
  [T in Type]: {
    /** What it takes: the hub's check, and how the terminal and the console read it, follow from this. */
    readonly takes: T;
    readonly dispatches: T extends "statuses" ? Lookup<DispatchStatus> : Lookup<Taken[T]>;
    readonly events?: Lookup<Taken[T]>;
    /** In a terminal: options as commander reads them, with their help. */
    readonly options: readonly (readonly [flags: string, help: string])[];
    /** In the console: what it is called. */
    readonly label: string;
    /** In the console: the name of the one field that holds what it takes. The rest is made of several, or has a form of its own. */
    readonly field?: string;
    /** In the console: always shown, not only with the fold open. */
    readonly inFront?: true;
  } & (T extends "text" ? Longest : unknown);
}[Type];

/** What takes just what the contract says of a part. */
type Taking<Value> = { [T in keyof Given]: Given[T] extends Value ? T : never }[keyof Given];

/** The part of a filter that the contract has under this name; one that events have too says how they find it. */
export type PartOf<Filter, Name extends keyof Filter> = FilterPart<Taking<NonNullable<Filter[Name]>>> &
  (Name extends keyof EventFilter ? { readonly events: object } : { readonly events?: undefined });
