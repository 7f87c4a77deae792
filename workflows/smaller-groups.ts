import type { Member } from "../schema/queries/dispatches/claim-dispatches.ts";
import { errorText } from "../schema/text/error-text.ts";
import { log } from "../schema/text/log.ts";
import { MAX_CALLS_IN_FLIGHT, SMALL_GROUP_SIZE } from "../schema/vocabulary/limits.ts";
import { type Flusher, openFlusher } from "./flusher.ts";

/**
 * Why dispatches leave an instance before they are called: the platform refused a call, the calls before took too long, or an executor has died
 * with them in as large a group.
 */
export type LeaveCause = "refused" | "slow" | "died";

/** Dispatches that go to smaller instances. */
export interface Leave {
  members: readonly Member[];
  cause: LeaveCause;
  /** Their claim, which does not count as an attempt. */
  claim?: string;
  /** How many dispatches their instance may have at most; left out if the database knows. */
  limit?: number;
  /** How many calls the destination could take: no group of it is larger for a while. */
  learned?: number;
  /** The platform's message, if it refused a call. */
  words?: string | undefined;
}

/** The results of a step's calls so far. */
export interface Progress {
  begun: number;
  /** Calls that ended and were not refused. */
  borne: number;
  /** The platform's message of the first refusal. */
  words?: string | undefined;
}

/** Lets dispatches leave as soon as it is clear that they must, in few statements. `close` returns those that could not. */
export function openLeaving(
  instance: { instanceId: string; size: number; claim: string; progress: Progress },
  leave: (leave: Leave) => Promise<void>,
): Flusher<{ member: Member; cause: LeaveCause }> {
  return openFlusher(async (leaving) => {
    const failed: typeof leaving = [];
    for (const [cause, some] of Map.groupBy(leaving, (one) => one.cause)) {
      try {
        await leave({ members: some.map(({ member }) => member), cause, ...smaller(cause, instance) });
      } catch (error) {
        log("warn", "leave.failed", {
          instanceId: instance.instanceId,
          dispatches: some.length,
          error: errorText(error),
        });
        failed.push(...some);
      }
    }
    return failed;
  });
}

/** The limit of the next instance, and what that says about the destination. */
function smaller(
  cause: LeaveCause,
  { size, claim, progress }: { size: number; claim: string; progress: Progress },
): Omit<Leave, "members" | "cause"> {
  switch (cause) {
    case "died":
      return {};
    case "slow": {
      const bearable = Math.max(MAX_CALLS_IN_FLIGHT, progress.begun);
      return { claim, limit: bearable, learned: bearable };
    }
    case "refused":
      return size > SMALL_GROUP_SIZE
        ? {
            claim,
            limit: SMALL_GROUP_SIZE,
            learned: Math.max(SMALL_GROUP_SIZE, progress.borne),
            words: progress.words,
          }
        : { claim, limit: 1, words: progress.words };
  }
}
