import { type SQL, sql } from "drizzle-orm";
import { indexedAt, valueAt } from "../fragments/value-at.ts";

export interface EventOfValue {
  id: string;
  created_at: Date;
  /** The value that the event has, as JSON. */
  value: string;
}

/** The newest events that have one of these values at a path, up to `most` altogether. The path must have an index. */
export function findByValues(path: string, values: readonly unknown[], most: number): SQL<EventOfValue> {
  return sql<EventOfValue>`
    select e.id, e.created_at, asked.value::text as value
    from jsonb_array_elements(${JSON.stringify(values)}::jsonb) asked(value)
    cross join lateral (
      select e.id, e.created_at from eventhub.events e
      where ${indexedAt(path)} = jsonb_hash_extended(asked.value, 0::bigint) and ${valueAt(path)} = asked.value
      order by e.id desc limit ${most}
    ) e
    order by e.id desc limit ${most}`;
}
