import { sql } from "drizzle-orm";
import { prunePayloads, pruneRows } from "../../../../schema/queries/events/prune-events.ts";
import type { Deed } from "../world.ts";

/** Deletes what is final. Most of it is deleted at once, some after a second or two, so that there is something to retry. */
export const expireSome: Deed = async ({ database, random, findings }) => {
  const limit = random.integer(1, 60);
  const age = sql`make_interval(secs => ${random.next() * 3}::float8)`;
  const statement = random.pick({
    rows: 0.5,
    payloads: 0.1,
    young: 0.4,
  });
  const [row] =
    statement === "payloads"
      ? await database.run(prunePayloads(0, limit))
      : statement === "young"
        ? await database.run(sql<{ pruned: number }>`select eventhub.expire_rows(${age}, ${limit}) as pruned`)
        : await database.run(pruneRows(0, limit));
  findings.count("pruned", row?.pruned ?? 0);
};
