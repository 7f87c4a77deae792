import type { DispatchesDryRun, Operation, ReplayDryRun } from "../../../../schema/contract/operations.ts";
import type { MethodContext } from "../../../../workers/hub/operator/context.ts";
import { METHODS, type Method } from "../../../../workers/hub/operator/methods.ts";
import { OperatorError } from "../../../../workers/hub/operator/operator-error.ts";
import { agreed, canAsk } from "../../ask.ts";
import { count } from "../../count-noun.ts";
import { EXIT } from "../../exit.ts";
import type { Options } from "../given-options.ts";
import { print } from "../print.ts";
import { showBulk } from "../show-bulk.ts";
import { tellNextLook } from "../tell-next-look.ts";
import type { MethodWork, Typed } from "./command.ts";

/** The methods that act on everything that a filter finds. */
type BulkName = "retryDispatches" | "cancelDispatches" | "replayEvents";

/** Reads the arguments of a call from the command line. */
type Read = (typed: Typed) => readonly [filter: Options, options: Options];

/** The questions, with what was counted. */
const QUESTIONS: Readonly<Record<BulkName, (found: string) => string>> = {
  retryDispatches: (found) => `Retry ${found}?`,
  cancelDispatches: (found) => `Cancel ${found}? Cancelled dispatches are not delivered.`,
  replayEvents: (found) => `Make ${found}?`,
};

/**
 * Bulk work. On a terminal, it shows what it would do, and asks. Where nobody can be asked, it requires `--yes`. With `--dry-run` it does nothing,
 * and asks nothing.
 */
export function askedFirst(name: BulkName, read: Read): MethodWork {
  const method = METHODS[name] as Method<"retryDispatches">;
  return async (typed, context, json) => {
    const [filter, options] = read(typed);
    const run = (more: object = {}) => method.run(context, filter, { ...options, ...more });
    if (options.dryRun === true) return print(await run(), json, showBulk);
    if (typed.options.yes !== true) {
      if (!canAsk())
        throw new OperatorError(
          "invalid_arguments",
          "--yes: required without a terminal, where nobody can be asked; --dry-run shows what would be done",
        );
      if (!(await isWanted(name, previews(name, context) ? await run({ dryRun: true }) : undefined))) return;
    }
    print(await run(), json, showBulk);
    await tellNextLook(context);
  };
}

/** A replay has a preview only with a second routing to compare. */
const previews = (name: BulkName, context: MethodContext) => name !== "replayEvents" || context.config() !== undefined;

/** Shows the preview on stderr, since stdout is for the answer, and asks. */
async function isWanted(
  name: BulkName,
  preview: Operation | DispatchesDryRun | ReplayDryRun | undefined,
): Promise<boolean> {
  if (preview !== undefined) console.error(showBulk(preview));
  const found =
    preview === undefined ? "dispatches of every event found (no preview without --routing)" : foundText(preview);
  if (found === undefined) {
    console.error("there is nothing to do");
    process.exitCode = EXIT.notFound;
    return false;
  }
  return await agreed(QUESTIONS[name](found));
}

/** `12 dispatches`, `at least 12 dispatches`; `undefined` for none. */
function foundText(preview: Operation | DispatchesDryRun | ReplayDryRun): string | undefined {
  if ("state" in preview || (preview.dispatches === 0 && preview.exact)) return undefined;
  return `${preview.exact ? "" : "at least "}${count(preview.dispatches, "dispatch", "dispatches")}`;
}
