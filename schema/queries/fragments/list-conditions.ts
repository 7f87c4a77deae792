import { type SQL, sql } from "drizzle-orm";
import { toPostgresPath } from "../../payload/postgres-path.ts";

/** Ids are made by the hub's clock and `created_at` is the database's: rows of a moment are looked for among ids up to an hour off. */
const CLOCK_MARGIN_MS = 3_600_000;

/** The least UUIDv7 of a moment. */
export function idAt(ms: number): string {
  const hex = Math.max(0, Math.trunc(ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** What a list is asked for beside its filter. */
export interface ListOptions {
  order: "newest" | "oldest";
  /** Most rows to give. */
  limit: number;
  /** Where to go on: an id. */
  after: string | undefined;
}

/** Conditions on `id` and `created_at` of the table `t`, so that the primary key bounds the scan. */
export function timeConditions(t: SQL, since: Date | undefined, until: Date | undefined): SQL[] {
  return [
    ...(since === undefined
      ? []
      : [
          sql`${t}.id >= ${idAt(since.getTime() - CLOCK_MARGIN_MS)}::uuid and ${t}.created_at >= ${since.toISOString()}`,
        ]),
    ...(until === undefined
      ? []
      : [sql`${t}.id < ${idAt(until.getTime() + CLOCK_MARGIN_MS)}::uuid and ${t}.created_at < ${until.toISOString()}`]),
  ];
}

/** A row comes after the page before. */
export function afterCondition(t: SQL, { order, after }: ListOptions): SQL[] {
  if (after === undefined) return [];
  return [order === "newest" ? sql`${t}.id < ${after}::uuid` : sql`${t}.id > ${after}::uuid`];
}

/** Some value at the path of the payload of event `e` equals the one asked for. The path was checked before. */
export function payloadCondition({ path, equals }: { path: string; equals: unknown }): SQL {
  return sql`coalesce(jsonb_path_exists(e.payload, ${toPostgresPath(path) ?? "$.x"}::jsonpath,
    jsonb_build_object('v', ${JSON.stringify(equals)}::jsonb), true), false)`;
}

/** Checked ids as one parameter. */
export const idArray = (ids: readonly string[]): SQL => sql`${`{${ids.join(",")}}`}::uuid[]`;

export const direction = ({ order }: ListOptions): SQL => (order === "newest" ? sql`desc` : sql`asc`);

export const allOf = (conditions: readonly SQL[]): SQL =>
  conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `);
