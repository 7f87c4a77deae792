import { type Command, Option } from "commander";
import { OperatorError } from "../../../../workers/hub/operator/operator-error.ts";
import type { MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { defined, type Options, refuseOptions } from "../options.ts";
import { showBulk, showDispatch } from "../show.ts";
import { calling, EXAMPLE_ID, type MethodCommand, type MethodWork } from "./command.ts";
import { addDispatchFilter, addEventFilter, filterOf, integer } from "./filter-options.ts";

/** What a retry of one dispatch may change. */
const OVERRIDES = ["maxRetries", "timeoutSeconds", "delaySeconds"];

/** `retry [dispatch]`: of one, or of all that a filter finds. */
const RETRY: MethodCommand = {
  options: (command) =>
    paced(bulk(addDispatchFilter(command)))
      .option("--max-retries <n>", "with a dispatch: other than it had", integer)
      .option("--timeout-seconds <n>", "with a dispatch: other than it had", integer)
      .option("--delay-seconds <n>", "with a dispatch: not before so many seconds", integer),
  work: oneOrMany(
    calling("retryDispatch", showDispatch, ({ placed, options }) => {
      const { maxRetries, timeoutSeconds, delaySeconds, operationId } = options;
      return [...placed, defined({ maxRetries, timeoutSeconds, delaySeconds, operationId })];
    }),
    calling("retryDispatches", showBulk, ({ options }) => [chosen(options), bulkOf(options)]),
    OVERRIDES,
  ),
  examples: [`${EXAMPLE_ID} --max-retries 5`, "--destination BILLING --status failed --since 12h --dry-run"],
};

/** `cancel [dispatch]`: of one, or of all that a filter finds. */
const CANCEL: MethodCommand = {
  options: (command) => bulk(addDispatchFilter(command)),
  work: oneOrMany(
    calling("cancelDispatch", showDispatch, ({ placed, options: { operationId } }) => [
      ...placed,
      defined({ operationId }),
    ]),
    calling("cancelDispatches", showBulk, ({ options }) => [chosen(options), bulkOf(options)]),
    [],
  ),
  examples: [EXAMPLE_ID, "--destination BILLING --since 12h --dry-run"],
};

const replay = calling("replayEvents", showBulk, ({ options: { event, as, ...options } }) => {
  const filter = event === undefined ? chosen(options) : { ...filterOf(options), ids: event };
  return [filter, { ...bulkOf(options), routing: as }];
});

/** `replay`: of all events that a filter finds. */
const REPLAY: MethodCommand = {
  options: (command) =>
    paced(bulk(addEventFilter(command), " (needs --routing)"))
      .addOption(
        new Option("--as <routing>", "to the destinations they had, or of the current configuration (needs --routing)")
          .choices(["same", "current"])
          .makeOptionMandatory(),
      )
      .option("--event <ids...>", "only these events"),
  work(typed, context, json) {
    if (typed.options.dryRun === true) context.routes(); // it compares the two routings: told before any event is read
    return replay(typed, context, json);
  },
  examples: [`--as same --event ${EXAMPLE_ID}`, "--as current --since 2d --dry-run --routing routing.json"],
};

/** The commands that act in more than one way: their options, and what they do. */
export const ACTING: { readonly [Name in MethodName]?: MethodCommand } = {
  retryDispatch: RETRY,
  replayEvents: REPLAY,
  cancelDispatch: CANCEL,
};

/** Adds the option that makes an action repeatable. */
export const repeatable = (command: Command): Command =>
  command.option(
    "--operation-id <uuid>",
    "an id of yours: the same call with it again does nothing twice (give times as ISO 8601)",
  );

const bulk = (command: Command, needs = "") =>
  repeatable(command)
    .option("--dry-run", `only say what would be done${needs}`)
    .option("--all", "without a filter: of everything")
    .option("--limit <n>", "most to deal with", integer);

const paced = (command: Command) => command.option("--per-second <n>", "how many become due a second", integer);

const bulkOf = ({ dryRun, limit, operationId, perSecond }: Options) =>
  defined({ dryRun, limit, operationId, perSecond });

/** With an id the one method, without it the other; nobody who writes an option of the other means that it is passed over. */
function oneOrMany(one: MethodWork, many: MethodWork, ofOne: readonly string[]): MethodWork {
  return (typed, context, json) => {
    const { command, placed } = typed;
    if (placed[0] === undefined) {
      refuseOptions(command, (name) => ofOne.includes(name), "goes with the id of one dispatch, not with a filter");
      return many(typed, context, json);
    }
    const allowed = [...ofOne, "operationId"];
    refuseOptions(command, (name) => !allowed.includes(name), "goes with a filter, not with the id of one dispatch");
    return one(typed, context, json);
  };
}

/** The filter of bulk work: an empty one must be meant. */
function chosen(options: Options): Options {
  const filter = filterOf(options);
  if (Object.keys(filter).length === 0 && options.all !== true && options.dryRun !== true) {
    throw new OperatorError(
      "invalid_arguments",
      "filter: give a filter, or --all for everything; --dry-run only says what would be done",
    );
  }
  return filter;
}
