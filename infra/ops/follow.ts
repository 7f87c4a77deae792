import { setTimeout as sleep } from "node:timers/promises";
import type { OperatorContext } from "../../workers/hub/operator/context.ts";
import { pageOfDispatches } from "../../workers/hub/operator/lists.ts";
import { at, short, status } from "./print.ts";

/** How far back each look goes: ids are made before their rows are committed. */
const OVERLAP_MS = 60_000;
const PAGE = 500;

/** Prints dispatches that change their status or make an attempt, as they do, until it is stopped. */
export async function follow(
  { database }: OperatorContext,
  filter: Record<string, unknown>,
  { json, seconds }: { json: boolean; seconds: number },
): Promise<never> {
  const seen = new Map<string, string>();
  let since = new Date(Date.now() - OVERLAP_MS);
  for (let first = true; ; first = false) {
    const began = new Date();
    const watched = { since, ...filter };
    for (let cursor: string | undefined; ; ) {
      const page = await pageOfDispatches(database, watched, {
        order: "oldest",
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const dispatch of page.items) {
        const state = `${dispatch.status} ${dispatch.attempts}`;
        if (seen.get(dispatch.id) === state) continue;
        seen.set(dispatch.id, state);
        if (first) continue;
        const { id, destination, attempts, reason } = dispatch;
        console.log(
          json
            ? JSON.stringify(dispatch)
            : `${at(new Date())}  ${id}  ${destination}  ${status(dispatch.status)}  attempt ${attempts}  ${short(reason)}`,
        );
      }
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    since = new Date(Math.max(since.getTime(), began.getTime() - 10 * OVERLAP_MS));
    await sleep(seconds * 1_000);
  }
}
