import { type SQL, sql } from "drizzle-orm";
import { toPostgresPlace } from "../../payload/postgres-path.ts";

/** The value at a path of an event `e`, as jsonb; null where there is none. The path must have been checked before. */
export const valueAt = (path: string): SQL =>
  sql`jsonb_path_query_first(e.payload, ${toPostgresPlace(path) ?? "strict $.x"}::jsonpath, '{}'::jsonb, true)`;

/**
 * The expression that an index of a path stores for an event `e`: exactly the one with which infra/cli/migrate/payload-indexes.ts builds the index.
 * It is a hash, since an index takes no value of more than 2.7 kB, and a payload may have longer ones. Equal numbers have the same hash, however they
 * are written; "17" and 17 differ.
 */
export const indexedAt = (path: string): SQL => sql`jsonb_hash_extended(${valueAt(path)}, 0::bigint)`;

/** The hash of a value to look for. Other values may share it, so compare the values themselves, too. */
export const hashOf = (value: unknown): SQL => sql`jsonb_hash_extended(${JSON.stringify(value)}::jsonb, 0::bigint)`;
