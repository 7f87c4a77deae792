import type { Member } from "../schema/queries/dispatches/claim-dispatches.ts";
import { errorText, log } from "../schema/text/log.ts";
import { MAX_CALLS_IN_FLIGHT, SMALL_GROUP_SIZE } from "../schema/vocabulary/limits.ts";
import { type Flusher, openFlusher } from "./flusher.ts";

/**
 * Why dispatches leave an instance before they are called: the platform refused a call, the calls before took too long, or an executor has died
 * with them in as large a group.
 */
export type LeaveCause = "refused" | "slow" | "died";

/** Dispatches that go to instances of fewer. */
export interface Leave {
  members: readonly Member[];
  cause: LeaveCause;
  /** The claim under which they are, which counts for none. */
  claim?: string;
  /** With how many they may share an instance at most; left out where the database knows. */
  limit?: number;
  /** How many calls the destination has borne: no group of it is larger for a while. */
  learned?: number;
  /** The platform's words, if it has refused a call. */
  words?: string | undefined;
}

/** What has come of the calls of a step so far. */
export interface Progress {
  begun: number;
  /** Those that ended, and were not refused. */
  borne: number;
  /** The platform's words of the first refusal. */
  words?: string | undefined;
}

/** Lets dispatches leave as it becomes clear that they must, in few statements; `close` gives back those that could not. */
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

/** What is tried next, and what that says of the destination. */
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
