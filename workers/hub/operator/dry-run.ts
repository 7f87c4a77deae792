import type { DispatchesDryRun } from "../../../schema/contract/operations.ts";
import { countLimit, countDispatches as selectCounts } from "../../../schema/queries/dispatches/count-dispatches.ts";
import type { CheckedDispatchFilter } from "../../../schema/vocabulary/filters.ts";
import type { OperatorContext } from "./context.ts";

/** How long a dry run counts, in milliseconds. Somebody waits for it before acting. */
const PREVIEW_MS = 5_000;

/** When a dry run returns what it has counted so far, in milliseconds since 1970. */
export const previewUntil = (deadline: number): number => Math.min(deadline, Date.now() + PREVIEW_MS);

/** Counts the dispatches that bulk work would change, without changing any. `payloads`: whether it leaves out dispatches without a payload. */
export async function countDispatches(
  filter: CheckedDispatchFilter,
  { limit, payloads }: { limit: number; payloads: boolean },
  { database, deadline }: OperatorContext,
): Promise<Required<DispatchesDryRun>> {
  const until = previewUntil(deadline);
  const groups = new Map<string, DispatchesDryRun["groups"][number]>();
  const answer = { dispatches: 0, skipped: 0, outOfOrder: 0 };
  for (let after: string | undefined; ; ) {
    const left = limit - answer.dispatches - answer.skipped;
    const rows = await database.run(selectCounts(filter, { after, limit: left, payloads }));
    for (const row of rows) {
      if (row.destination === null) continue;
      const { destination, status, gone } = row;
      const group = groups.get(`${destination} ${status}`) ?? { destination, status, dispatches: 0 };
      group.dispatches += row.dispatches - gone;
      answer.dispatches += row.dispatches - gone;
      answer.skipped += gone;
      answer.outOfOrder += row.passed;
      groups.set(`${destination} ${status}`, group);
    }
    const limited = answer.dispatches + answer.skipped >= limit;
    const more = rows[0]?.scanned === countLimit(filter) && !limited;
    after = rows[0]?.scanned_to ?? undefined;
    if (more && Date.now() < until) continue;
    return {
      ...answer,
      exact: !more,
      limited,
      groups: [...groups.values()].filter(({ dispatches }) => dispatches > 0),
    };
  }
}
