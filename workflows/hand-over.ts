import type { Database } from "../schema/database/connection.ts";
import { noteGroupLimit } from "../schema/queries/destinations/note-group-limit.ts";
import { handOver } from "../schema/queries/dispatches/replace-or-lose.ts";
import { toNotice } from "../schema/queries/fragments/notice-columns.ts";
import type { DispatchQueue } from "../schema/queue/messages.ts";
import { errorText } from "../schema/text/error-text.ts";
import { log } from "../schema/text/log.ts";
import { enqueueCommitted } from "./enqueue-committed.ts";
import { learnSize } from "./learned-sizes.ts";
import type { Leave } from "./smaller-groups.ts";

/** The instance that hands over its dispatches. */
export interface Leaving {
  database: Database;
  queue: DispatchQueue;
  instanceId: string;
}

/**
 * Hands dispatches over to other instances, and remembers the group size that their destination can take.
 *
 * @throws DatabaseError
 */
export async function handOverTo(
  { database, queue, instanceId }: Leaving,
  { members, cause, claim, limit, learned, words }: Omit<Leave, "cause"> & { cause?: Leave["cause"] },
): Promise<void> {
  if (members.length === 0) return;
  const rows = await database.run(handOver(members, instanceId, { claim: claim ?? null, limit: limit ?? null }));
  log(cause === undefined ? "info" : "warn", "instance.handed_over", {
    instanceId,
    dispatches: rows.length,
    cause,
    limit,
    platform: words,
  });
  await enqueueCommitted(
    queue,
    rows.map((row) => toNotice(row, undefined, learned)),
  );
  const destination = rows[0]?.destination;
  if (destination !== undefined && learned !== undefined)
    await rememberSize(database, destination, learned, words ?? cause ?? "");
}

/** Remembers how many calls a destination could take, here and for operators. Never throws. */
export async function rememberSize(
  database: Database,
  destination: string,
  limit: number,
  cause: string,
): Promise<void> {
  if (!learnSize(destination, limit)) return;
  try {
    await database.run(noteGroupLimit(destination, { limit, cause }));
  } catch (error) {
    // Only operators lack this note.
    log("warn", "limit.not_noted", { destination, limit, error: errorText(error) });
  }
}
