import { type Command, Option } from "commander";
import { cancelDispatch, cancelDispatches } from "../../../workers/hub/operator/cancel.ts";
import { OperatorError } from "../../../workers/hub/operator/operator-error.ts";
import { pauseDestination, resumeDestination } from "../../../workers/hub/operator/pause.ts";
import { replayEvents } from "../../../workers/hub/operator/replay.ts";
import { retryDispatch, retryDispatches } from "../../../workers/hub/operator/retry.ts";
import { addDispatchFilter, addEventFilter, filterOf, integer } from "./filters.ts";
import { defined, type Options, type Run, refuseOptions } from "./options.ts";
import { print, record } from "./print.ts";
import { showBulk, showDispatch } from "./show.ts";

/** What a retry of one dispatch may change. */
const OVERRIDES = ["maxRetries", "timeoutSeconds", "delaySeconds"];

/** The commands that change something; each leaves a row in `operations`. */
export function addActions(program: Command, run: Run): void {
  addRetry(program, run);
  addReplay(program, run);
  addCancel(program, run);
  addPause(program, run);
}

function addRetry(program: Command, run: Run): void {
  const command = program
    .command("retry [dispatch]")
    .description("a new dispatch in place of a final one, or of all that a filter finds");
  paced(bulk(addDispatchFilter(command)))
    .option("--max-retries <n>", "with a dispatch: other than it had", integer)
    .option("--timeout-seconds <n>", "with a dispatch: other than it had", integer)
    .option("--delay-seconds <n>", "with a dispatch: not before so many seconds", integer)
    .action((id: string | undefined, options: Options) =>
      run(async ({ context }, json) => {
        if (id !== undefined) {
          onlyBesideId(command, [...OVERRIDES, "operationId"]);
          const { maxRetries, timeoutSeconds, delaySeconds, operationId } = options;
          const overrides = defined({ maxRetries, timeoutSeconds, delaySeconds, operationId });
          return print(await retryDispatch(context, id, overrides), json, showDispatch);
        }
        refuseOptions(
          command,
          (name) => OVERRIDES.includes(name),
          "goes with the id of one dispatch, not with a filter",
        );
        print(await retryDispatches(context, chosen(options), bulkOf(options)), json, showBulk);
      }),
    );
}

function addReplay(program: Command, run: Run): void {
  paced(bulk(addEventFilter(program.command("replay").description("deliver events again")), "replay"))
    .addOption(
      new Option("--as <routing>", "to the destinations they had, or of the current configuration (needs --routing)")
        .choices(["same", "current"])
        .makeOptionMandatory(),
    )
    .option("--event <ids...>", "only these events")
    .action(({ event, as, ...options }: Options) =>
      run(async ({ context }, json) => {
        if (options.dryRun === true) context.routes(); // it compares the two routings: told before any event is read
        const filter = event === undefined ? chosen(options) : { ...filterOf(options), ids: event };
        print(await replayEvents(context, filter, { ...bulkOf(options), routing: as }), json, showBulk);
      }),
    );
}

function addCancel(program: Command, run: Run): void {
  const command = program
    .command("cancel [dispatch]")
    .description("cancel an ongoing dispatch, or all that a filter finds");
  bulk(addDispatchFilter(command)).action((id: string | undefined, options: Options) =>
    run(async ({ context }, json) => {
      if (id !== undefined) {
        onlyBesideId(command, ["operationId"]);
        const { operationId } = options;
        return print(await cancelDispatch(context, id, defined({ operationId })), json, showDispatch);
      }
      print(await cancelDispatches(context, chosen(options), bulkOf(options)), json, showBulk);
    }),
  );
}

function addPause(program: Command, run: Run): void {
  repeatable(program.command("pause <destination> [reason]").description("hold a destination's dispatches")).action(
    (name: string, reason: string | undefined, { operationId }: Options) =>
      run(async ({ context, routes }, json) => {
        const state = await pauseDestination(context, routes?.config, name, reason, defined({ operationId }));
        print(state, json, (answer) => record({ ...answer }));
      }),
  );
  repeatable(program.command("resume <destination>").description("let them go again, oldest first")).action(
    (name: string, { operationId }: Options) =>
      run(async ({ context, routes }, json) => {
        const state = await resumeDestination(context, routes?.config, name, defined({ operationId }));
        print(state, json, (answer) => record({ ...answer }));
      }),
  );
}

const repeatable = (command: Command) =>
  command.option(
    "--operation-id <uuid>",
    "an id of yours: the same call with it again does nothing twice (give times as ISO 8601)",
  );

const bulk = (command: Command, name?: "replay") =>
  repeatable(command)
    .option("--dry-run", `only say what would be done${name === undefined ? "" : " (needs --routing)"}`)
    .option("--all", "without a filter: of everything")
    .option("--limit <n>", "most to deal with", integer);

const paced = (command: Command) => command.option("--per-second <n>", "how many become due a second", integer);

const bulkOf = ({ dryRun, limit, operationId, perSecond }: Options) =>
  defined({ dryRun, limit, operationId, perSecond });

/** Nobody who writes `--dry-run` or a filter beside an id means that it is passed over. */
function onlyBesideId(command: Command, allowed: readonly string[]): void {
  refuseOptions(command, (name) => !allowed.includes(name), "goes with a filter, not with the id of one dispatch");
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
