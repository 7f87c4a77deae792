import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import type { DispatchRow } from "../../../schema/queries/fragments/row-types.ts";
import { toDispatch } from "../../../workers/hub/operator/answers-from-rows.ts";
import type { DispatchesOf, RunningDispatch } from "./types.ts";

const POLL_MS = 25;
/** The most dispatches that an error names. */
const MAX_NAMED = 10;

/** The dispatches that a filter finds, in the order in which they were made. */
export async function readDispatches(
  pool: Pool,
  { eventId, destination, route, status }: DispatchesOf,
): Promise<RunningDispatch[]> {
  const { rows } = await pool.query<DispatchRow>(
    `select * from eventhub.dispatches
     where ($1::uuid is null or event_id = $1) and ($2::text is null or destination = $2)
       and ($3::text is null or route = $3) and ($4::text is null or status = $4)
     order by id`,
    [eventId, destination, route, status],
  );
  return rows.map(toDispatch);
}

/**
 * Waits until every dispatch is final, and everything that was emitted in SQL is routed. @throws Error that names the dispatches that are not final
 */
export async function waitUntilSettled(
  pool: Pool,
  eventId: string | undefined,
  timeoutMs: number,
): Promise<RunningDispatch[]> {
  for (const deadline = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
    const { rows } = await pool.query<{ open: boolean }>(
      `select exists (select from eventhub.dispatches where status = 'ongoing' and ($1::uuid is null or event_id = $1))
         or exists (select from eventhub.events where not routed and ($1::uuid is null or id = $1)) as open`,
      [eventId],
    );
    if (rows[0]?.open === false) return await readDispatches(pool, filterOf(eventId));
    if (Date.now() > deadline) throw new Error(await openText(pool, eventId, timeoutMs));
  }
}

const filterOf = (eventId: string | undefined): DispatchesOf => (eventId === undefined ? {} : { eventId });

async function openText(pool: Pool, eventId: string | undefined, timeoutMs: number): Promise<string> {
  const open = await readDispatches(pool, { ...filterOf(eventId), status: "ongoing" });
  const lines = open
    .slice(0, MAX_NAMED)
    .map(({ id, destination, route, attempts, maxRetries, nextAttemptAt, reason }) => {
      const last = reason === null ? "" : `, the last one: ${reason}`;
      const when = nextAttemptAt.toISOString();
      return `  ${id} to ${destination} (${route}): ${attempts} of ${maxRetries + 1} attempts, next at ${when}${last}`;
    });
  const more = open.length > MAX_NAMED ? [`  and ${open.length - MAX_NAMED} more`] : [];
  return [`not settled after ${timeoutMs} ms: ${open.length} dispatches are ongoing`, ...lines, ...more].join("\n");
}
