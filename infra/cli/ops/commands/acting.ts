import { type Command, Option } from "commander";
import { OperatorError } from "../../../../workers/hub/operator/operator-error.ts";
import type { MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { defined, type Options, refuseOptions } from "../given-options.ts";
import { showDispatch } from "../show-dispatches.ts";
import { showOperation } from "../show-operations.ts";
import { askedFirst } from "./asked-first.ts";
import { calling, EXAMPLE_ID, type MethodCommand, type MethodWork, withOperationId } from "./command.ts";
import { addDispatchFilter, addEventFilter, filterOf, integer } from "./filter-options.ts";

/** The options that a retry of a single dispatch may change. */
const OVERRIDES = ["maxRetries", "timeoutSeconds", "delaySeconds"];

/** `retry [dispatch]`: retries one, or all that a filter finds. */
const RETRY: MethodCommand = {
  options: (command) =>
    paced(bulk(addDispatchFilter(command)))
      .option("--max-retries <n>", "with a dispatch: a new value", integer)
      .option("--timeout-seconds <n>", "with a dispatch: a new value", integer)
      .option("--delay-seconds <n>", "with a dispatch: not before this many seconds", integer),
  work: oneOrMany(
    calling("retryDispatch", showDispatch, ({ placed, options }) => {
      const { maxRetries, timeoutSeconds, delaySeconds, operationId } = options;
      return [...placed, defined({ maxRetries, timeoutSeconds, delaySeconds, operationId })];
    }),
    askedFirst("retryDispatches", ({ options }) => [chosen(options), bulkOf(options)]),
    OVERRIDES,
  ),
  examples: [`${EXAMPLE_ID} --max-retries 5`, "--destination BILLING --status failed --since 12h --dry-run"],
};

/** `cancel [dispatch]`: cancels one, or all that a filter finds. */
const CANCEL: MethodCommand = {
  options: (command) => bulk(addDispatchFilter(command)),
  work: oneOrMany(
    calling("cancelDispatch", showDispatch, withOperationId),
    askedFirst("cancelDispatches", ({ options }) => [chosen(options), bulkOf(options)]),
    [],
  ),
  examples: [EXAMPLE_ID, "--destination BILLING --since 12h --dry-run"],
};

const replay = askedFirst("replayEvents", ({ options: { event, as, ...options } }) => {
  const filter = event === undefined ? chosen(options) : { ...filterOf(options), ids: event };
  return [filter, { ...bulkOf(options), routing: as }];
});

/** `replay`: replays all events that a filter finds. */
const REPLAY: MethodCommand = {
  options: (command) =>
    paced(bulk(addEventFilter(command), " (needs --routing)"))
      .addOption(
        new Option("--as <routing>", "same: to the destinations they had; current: by the configuration (--routing)")
          .choices(["same", "current"])
          .makeOptionMandatory(),
      )
      .option("--event <ids...>", "only these events"),
  work(typed, context, json) {
    if (typed.options.dryRun === true) context.routes(); // a dry run compares two routings: reports a missing one before it reads events
    return replay(typed, context, json);
  },
  examples: [`--as same --event ${EXAMPLE_ID}`, "--as current --since 2d --dry-run --routing routing.json"],
};

/** `stop <operation>`: also shows what it has made by then. */
const STOP: MethodCommand = {
  options: (command) => repeatable(command),
  work: calling("stopOperation", showOperation, withOperationId),
  examples: [EXAMPLE_ID],
};

/** The commands with several ways to act, or for bulk work: their options and actions. */
export const ACTING: { readonly [Name in MethodName]?: MethodCommand } = {
  stopOperation: STOP,
  retryDispatch: RETRY,
  replayEvents: REPLAY,
  cancelDispatch: CANCEL,
};

/** Adds the option that makes an action repeatable. */
export const repeatable = (command: Command): Command =>
  command.option(
    "--operation-id <uuid>",
    "an id of yours: repeating the call with it does nothing twice (write times as ISO 8601)",
  );

const bulk = (command: Command, needs = "") =>
  repeatable(command)
    .option("--dry-run", `only show what would be done${needs}`)
    .option("-y, --yes", "do not ask; required without a terminal")
    .option("--all", "without a filter: for everything")
    .option("--limit <n>", "at most this many", integer);

const paced = (command: Command) => command.option("--per-second <n>", "how many become due per second", integer);

const bulkOf = ({ dryRun, limit, operationId, perSecond }: Options) =>
  defined({ dryRun, limit, operationId, perSecond });

/** With an id, runs `one`, otherwise `many`. Refuses options of the other one instead of ignoring them. */
function oneOrMany(one: MethodWork, many: MethodWork, ofOne: readonly string[]): MethodWork {
  return (typed, context, json) => {
    const { command, placed } = typed;
    if (placed[0] === undefined) {
      refuseOptions(command, (name) => ofOne.includes(name), "belongs to the id of one dispatch, not to a filter");
      return many(typed, context, json);
    }
    const allowed = [...ofOne, "operationId"];
    refuseOptions(command, (name) => !allowed.includes(name), "belongs to a filter, not to the id of one dispatch");
    return one(typed, context, json);
  };
}

/** The filter of bulk work. An empty filter must be explicit. */
function chosen(options: Options): Options {
  const filter = filterOf(options);
  if (Object.keys(filter).length === 0 && options.all !== true && options.dryRun !== true) {
    throw new OperatorError(
      "invalid_arguments",
      "filter: give a filter, or --all for everything; --dry-run only shows what would be done",
    );
  }
  return filter;
}
