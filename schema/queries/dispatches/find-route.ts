import { type SQL, sql } from "drizzle-orm";

/** Whether any dispatch in the database has this route. No index finds it: for an unknown name, all dispatches are read. */
export function findRoute(name: string): SQL<{ known: boolean }> {
  return sql<{ known: boolean }>`select exists (select from eventhub.dispatches where route = ${name}) as known`;
}
