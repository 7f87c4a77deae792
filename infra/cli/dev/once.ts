import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { type DispatchStatus, isDelivered, isFinal } from "../../../schema/vocabulary/statuses.ts";
import type { Stack } from "../../local/stack.ts";
import type { Project } from "../../project/project.ts";
import type { Deliveries } from "./deliveries.ts";
import { emitExample } from "./emit.ts";
import type { Printer } from "./printer.ts";

const POLL_MS = 100;
/** A dispatch that is not final after this time counts as not delivered. It is longer than most retries that are worth waiting for. */
const LIMIT_MS = 180_000;

/** Emits the example and waits until its dispatches are final. @returns Whether all of them, at least one, were delivered. */
export async function runOnce(
  stack: Stack,
  project: Project,
  deliveries: Deliveries,
  printer: Printer,
  signal: AbortSignal,
): Promise<boolean> {
  const result = await emitExample(stack, project, printer);
  const ids = result?.events.flatMap(({ dispatches }) => dispatches.map(({ id }) => id));
  if (ids === undefined) return false;
  const statuses = await final(stack.pool, ids, signal);
  await deliveries.look();
  const open = statuses.filter((status) => !isFinal(status)).length;
  if (open > 0) printer.warn(`${open} of ${ids.length} not delivered after ${LIMIT_MS / 1000} s`);
  return ids.length > 0 && statuses.every(isDelivered);
}

async function final(pool: Pool, ids: readonly string[], signal: AbortSignal): Promise<DispatchStatus[]> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const { rows } = await pool.query<{ status: DispatchStatus }>(
      "select status from eventhub.dispatches where id = any($1::uuid[])",
      [ids],
    );
    const statuses = rows.map(({ status }) => status);
    if (statuses.every(isFinal) || Date.now() > deadline) return statuses;
    await sleep(POLL_MS, undefined, { signal });
  }
}
