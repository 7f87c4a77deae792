import type { DatabaseError, Pool } from "pg";

/** SQLSTATE deadlock_detected. */
export const DEADLOCK = "40P01";

/** Describes what the processes of a deadlock are doing: the others continue when Postgres has ended one. */
export async function tellOthers(admin: Pool, { detail = "" }: DatabaseError): Promise<string> {
  const pids = [...detail.matchAll(/Process (\d+)/g)].map(([, pid]) => Number(pid));
  const { rows } = await admin.query<{ pid: number; query: string }>(
    "select pid, query from pg_stat_activity where pid = any($1::int[])",
    [[...new Set(pids)]],
  );
  return [shortly(detail), ...rows.map(({ pid, query }) => `${pid}: ${shortly(query)}`)].join("; ");
}

/** The beginning of a statement, in one line. */
export const shortly = (text: string): string => text.trim().replaceAll(/\s+/g, " ").slice(0, 400);
