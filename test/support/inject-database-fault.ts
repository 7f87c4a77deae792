import { setTimeout as sleep } from "node:timers/promises";
import { HANG_UP, type NeonAnswer } from "../../infra/local/neon/endpoint.ts";
import { QUERY_TIMEOUT_MS } from "../../schema/database/connection.ts";

/** How a request to the database fails. "after" means after the commit: it happened, and the answer is lost. */
export const DATABASE_FAULTS = [
  "refuse",
  "error 500",
  "error 500 after",
  "cut",
  "cut after",
  "hang",
  "hang after",
  "slow",
] as const;
export type DatabaseFault = (typeof DATABASE_FAULTS)[number];

/** Longer than the client waits for an answer. */
const HANG_MS = QUERY_TIMEOUT_MS + 2_000;

/** Makes one request fail; `next` runs it. */
export async function injectDatabaseFault(
  fault: DatabaseFault,
  next: () => Promise<NeonAnswer>,
  slowMs: number,
): Promise<NeonAnswer | typeof HANG_UP> {
  switch (fault) {
    case "refuse":
      return { status: 503, body: '{"message":"the compute is starting","code":""}' };
    case "error 500":
      return { status: 500, body: '{"message":"internal error","code":""}' };
    case "error 500 after":
      await next();
      return { status: 500, body: '{"message":"internal error","code":""}' };
    case "cut":
      return HANG_UP;
    case "cut after":
      await next();
      return HANG_UP;
    case "hang":
      await sleep(HANG_MS);
      return HANG_UP;
    case "hang after":
      await next();
      await sleep(HANG_MS);
      return HANG_UP;
    case "slow":
      await sleep(slowMs);
      return next();
  }
}
