import { sql } from "drizzle-orm";
import { type Deed, KINDS } from "../world.ts";
import { nowhere } from "./nowhere.ts";

/** The number of keys that all share, so that most calls find one that is already stored, or is just being deleted. */
const KEYS = 20;

/** Emits as an application does, inside a transaction of its own. */
export const emitInSql: Deed = async (client) => {
  const { database, findings, random } = client;
  const key = random.chance(0.5) ? `sql ${random.integer(1, KEYS)}` : null;
  const payload = JSON.stringify({ kind: random.one(KINDS) });
  const [row] = await database.run(sql<{ id: string }>`select eventhub.emit(${payload}::jsonb, ${key}) as id`);
  for (const id of await nowhere(client, row === undefined ? [] : [row.id]))
    findings.violated("stored", `eventhub.emit gave ${id}`);
};
