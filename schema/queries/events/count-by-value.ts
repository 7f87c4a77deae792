import { type SQL, sql } from "drizzle-orm";
import type { PayloadEquality } from "../../contract/operator.ts";
import { hashOf, indexedAt } from "../fragments/value-at.ts";

/**
 * About how many events have a value at a path, up to `most`. Only the index counts, and it may count another value with the same hash, too. The path
 * must have an index.
 */
export function countByValue({ path, equals }: PayloadEquality, most: number): SQL<{ events: number }> {
  return sql<{ events: number }>`
    select count(*)::int as events from (select from eventhub.events e where ${indexedAt(path)} = ${hashOf(equals)} limit ${most}) found`;
}
