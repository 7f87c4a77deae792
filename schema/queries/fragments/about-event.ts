import { type SQL, sql } from "drizzle-orm";
import { valueAt } from "./value-at.ts";

/** What a list shows about each event beside its row. */
export interface AboutOptions {
  /** The member that names an event's kind. If an event lacks it, `type` names the kind, as in a CloudEvent. */
  member: string;
  /** The paths whose values are shown. */
  paths: readonly string[];
}

/** The result of {@link aboutEvent}. */
export interface AboutRow {
  about?: {
    kind: string | null;
    /** The value at each path, in the order of the paths; null where there is none. */
    values: (string | null)[];
    beginning: string | null;
  };
}

/** The most characters of a kind or value that are shown. */
const MAX_SHOWN_VALUE = 200;

/** The most characters of the beginning of a payload that are shown. */
const MAX_BEGINNING = 300;

/** The largest payload whose beginning is shown, in bytes: Postgres prints all of it for that. */
const MAX_BEGUN_BYTES = 64 * 1024;

const textAt = (member: string) =>
  sql`case when jsonb_typeof(e.payload -> ${member}::text) = 'string' then left(e.payload ->> ${member}::text, ${MAX_SHOWN_VALUE}::int) end`;

/** A column `about` for an event `e`, or nothing if it is not requested. */
export function aboutEvent(options: AboutOptions | undefined): SQL {
  if (options === undefined) return sql``;
  const values = options.paths.map((path) => sql`left(${valueAt(path)} #>> '{}', ${MAX_SHOWN_VALUE}::int)`);
  return sql`, jsonb_build_object('kind', coalesce(${textAt(options.member)}, ${textAt("type")}),
      'values', jsonb_build_array(${sql.join(values, sql`, `)}),
      'beginning', case when e.payload_bytes <= ${MAX_BEGUN_BYTES}::int then left(e.payload::text, ${MAX_BEGINNING}::int) end) as about`;
}
