/** The contract of operators: what searches find, and what lists say about events. */

/** What an event is, at a glance. */
export interface AboutEvent {
  /** Its kind, from the member that names the kind or from `type`; `null` without one, and once its payload is gone. */
  kind: string | null;
  /** Its values at the paths that have an index, as text of up to 200 characters. */
  values: { path: string; value: string }[];
  /** The first 300 characters of its payload, as Postgres writes it; `null` for one of more than 64 kB. */
  beginning: string | null;
}

/** Something that a search has found. */
export interface FoundThing {
  kind: "event" | "dispatch";
  id: string;
  /** When it was created. */
  at: Date;
  /** What was found: a key, a value as JSON, a reason. */
  value: string;
}

/** One place where a search has searched. */
export interface SearchedPlace {
  in: "idempotency_keys" | "payloads" | "keys" | "reasons";
  /** For `payloads`: the path, which has an index. */
  path: string | null;
  /** The newest ten. */
  found: FoundThing[];
  /** Whether there are more. */
  more: boolean;
  /** Whether it was searched completely. For keys of limits and orders, and for reasons, the newest 20,000 dispatches are searched. */
  whole: boolean;
}

/** What a search has found, and where it has searched. */
export interface Findings {
  text: string;
  places: SearchedPlace[];
}
