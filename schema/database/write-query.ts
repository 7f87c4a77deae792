import type { Query, SQL } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";

/** Writes as drizzle's own dialect of Postgres does. That dialect imports the whole query builder, which is a seventh of a Worker's script. */
const POSTGRES: Parameters<SQL["toQuery"]>[0] = {
  casing: new CasingCache(),
  escapeName: (name) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: (place) => `$${place + 1}`,
  escapeString: (text) => `'${text.replaceAll("'", "''")}'`,
};

/** A statement as text, with separate parameters. */
export const writeQuery = (statement: SQL): Query => statement.toQuery(POSTGRES);
