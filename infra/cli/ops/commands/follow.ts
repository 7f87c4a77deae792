import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { DispatchSummary } from "../../../../schema/contract/operator.ts";
import type { Database } from "../../../../schema/database/connection.ts";
import { DatabaseError } from "../../../../schema/database/database-error.ts";
import type { OperatorContext } from "../../../../workers/hub/operator/context.ts";
import { pageOfDispatches } from "../../../../workers/hub/operator/lists.ts";
import { examples } from "../../commander.ts";
import type { Options, Run } from "../options.ts";
import { line, print, short, status } from "../print.ts";
import { addDispatchFilter, filterOf, positive } from "./filter-options.ts";

/** How far back each look goes: ids are made before their rows are committed. */
const OVERLAP_MS = 60_000;
const WINDOW_MS = 10 * OVERLAP_MS;
const PAGE = 500;

/** The command that follows dispatches. */
export function addFollow(program: Command, run: Run): void {
  const command = program
    .command("follow")
    .description("dispatches of the last ten minutes as they change, until Ctrl-C");
  examples(addDispatchFilter(command), "", "--destination BILLING --every 5")
    .option("--every <seconds>", "how often to look", positive, 2)
    .action(({ every, ...options }: Options) =>
      run(({ context }, json) => follow(context, filterOf(options), { json, seconds: Number(every) })),
    );
}

/**
 * Prints dispatches that change their status or make an attempt, as they do, until it is stopped. What was there at the first look is not
 * told. A look that the database does not answer is said on stderr, and made again.
 */
export async function follow(
  { database }: OperatorContext,
  filter: Record<string, unknown>,
  { json, seconds }: { json: boolean; seconds: number },
): Promise<never> {
  const seen = new Map<string, string>();
  let since = new Date(Date.now() - OVERLAP_MS);
  for (let first = true; ; ) {
    const began = Date.now();
    try {
      const found = new Set<string>();
      for await (const dispatch of dispatchesOf(database, { since, ...filter })) {
        found.add(dispatch.id);
        const state = `${dispatch.status} ${dispatch.attempts}`;
        if (seen.get(dispatch.id) === state) continue;
        seen.set(dispatch.id, state);
        if (!first) tell(dispatch, json);
      }
      // What is found no more is too old, or was deleted: it would be kept for ever.
      for (const id of seen.keys()) if (!found.has(id)) seen.delete(id);
      first = false;
      since = new Date(Math.max(since.getTime(), began - WINDOW_MS));
    } catch (error) {
      // What a person must mend does not mend itself.
      if (!(error instanceof DatabaseError) || error.misconfigured) throw error;
      console.error(line([new Date(), `[unavailable] ${error.message}; looks again in ${seconds} s`]));
    }
    await sleep(seconds * 1_000);
  }
}

async function* dispatchesOf(database: Database, filter: object): AsyncGenerator<DispatchSummary> {
  for (let cursor: string | undefined; ; ) {
    const more = cursor === undefined ? {} : { cursor };
    const page = await pageOfDispatches(database, filter, { order: "oldest", limit: PAGE, ...more });
    yield* page.items;
    cursor = page.cursor;
    if (cursor === undefined) return;
  }
}

function tell(dispatch: DispatchSummary, json: boolean): void {
  print(dispatch, json, ({ id, destination, attempts, reason }) =>
    line([new Date(), id, destination, status(dispatch.status), `attempt ${attempts}`, short(reason)]),
  );
}
