import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { cancelDispatch, cancelDispatches } from "../../workers/hub/operator/cancel.ts";
import { listDestinations } from "../../workers/hub/operator/destinations.ts";
import { getDispatch, getEvent } from "../../workers/hub/operator/details.ts";
import { explainRouting } from "../../workers/hub/operator/explain.ts";
import { pageOfDispatches, pageOfEvents } from "../../workers/hub/operator/lists.ts";
import { listOperations } from "../../workers/hub/operator/operations.ts";
import { pauseDestination, resumeDestination } from "../../workers/hub/operator/pause.ts";
import { replayEvents } from "../../workers/hub/operator/replay.ts";
import { retryDispatch, retryDispatches } from "../../workers/hub/operator/retry.ts";
import { getStats } from "../../workers/hub/operator/stats.ts";
import { type Connection, connect, type GlobalOptions } from "./connect.ts";
import { addDispatchFilter, addEventFilter, filterOf, integer, moment } from "./filters.ts";
import { follow } from "./follow.ts";
import { print, record, table } from "./print.ts";
import * as show from "./show.ts";

type Options = Record<string, unknown>;
type Run = (connection: Connection, json: boolean) => Promise<void>;

/** The command line: each command is the same function that the RPC calls, over a database URL. */
export function createProgram(env: NodeJS.ProcessEnv): Command {
  const program = new Command("ops")
    .description("Operate the hub over its database (DATABASE_URL): find, understand, put right.")
    .option("--json", "print JSON, one answer a line", false)
    .option("--actor <name>", "who acts, for the table operations (default: the system's user)")
    .option("--routing <file>", "the route configuration, for explain and replay --routing current");

  const run = async (work: Run) => {
    const options = program.opts<GlobalOptions>();
    await using connection = await connect(options, env);
    await work(connection, options.json);
  };
  addReads(program, run);
  addActions(program, run);
  return program;
}

function addReads(program: Command, run: (work: Run) => Promise<void>): void {
  const paged = (command: Command) =>
    command
      .addOption(new Option("--order <order>", "which first").choices(["newest", "oldest"]))
      .option("--limit <n>", "most items of a page", integer)
      .option("--cursor <cursor>", "the page after the one that gave it");
  const pageOf = ({ order, limit, cursor }: Options) => defined({ order, limit, cursor });

  paged(addDispatchFilter(program.command("list").description("dispatches, the newest first"))).action(
    (options: Options) =>
      run(async ({ context }, json) =>
        print(await pageOfDispatches(context.database, filterOf(options), pageOf(options)), json, show.showDispatches),
      ),
  );
  paged(addEventFilter(program.command("events").description("events, the newest first"))).action((options: Options) =>
    run(async ({ context }, json) =>
      print(await pageOfEvents(context.database, filterOf(options), pageOf(options)), json, show.showEvents),
    ),
  );
  program
    .command("show <dispatch>")
    .description("a dispatch with its executions")
    .action((id: string) =>
      run(async ({ context }, json) => print(await getDispatch(context.database, id), json, show.showDispatch)),
    );
  program
    .command("event <event>")
    .description("an event with its payload and dispatches")
    .action((id: string) =>
      run(async ({ context }, json) => print(await getEvent(context.database, id), json, show.showEvent)),
    );
  program
    .command("destinations")
    .description("every destination, its state and its health")
    .action(() =>
      run(async ({ context, routes }, json) =>
        print(await listDestinations(context.database, routes?.config), json, show.showDestinations),
      ),
    );
  program
    .command("stats")
    .description("results by time and destination")
    .option("--since <time>", "default a day ago", moment)
    .option("--bucket <bucket>", "minute, hour, day or seconds")
    .action(({ since, bucket }: Options) =>
      run(async ({ context }, json) => {
        const size = typeof bucket === "string" && /^\d+$/.test(bucket) ? Number(bucket) : bucket;
        print(await getStats(context.database, defined({ since, bucket: size })), json, show.showStats);
      }),
    );
  program
    .command("explain <file>")
    .description("what every route says of the payload in a JSON file (needs --routing)")
    .action((file: string) =>
      run(async ({ context }, json) => {
        const routes = await explainRouting(context, JSON.parse(await readFile(file, "utf8")));
        print(routes, json, (all) =>
          table(
            ["route", "destination", "matched", "because"],
            all.map((route) => [
              route.name,
              route.destination,
              route.enabled ? route.matched : "disabled",
              route.failed
                .map((failed) => `${failed.path} ${failed.operator} found ${failed.found.join(", ") || "nothing"}`)
                .join("; "),
            ]),
          ),
        );
      }),
    );
  program
    .command("operations")
    .description("who did what, the newest first")
    .action(() => run(async ({ context }, json) => print(await listOperations(context), json, show.showOperations)));
  addDispatchFilter(
    program.command("follow").description("dispatches of the last ten minutes as they change, until Ctrl-C"),
  )
    .option("--every <seconds>", "how often to look", integer, 2)
    .action(({ every, ...options }: Options) =>
      run(({ context }, json) => follow(context, filterOf(options), { json, seconds: Number(every) })),
    );
}

function addActions(program: Command, run: (work: Run) => Promise<void>): void {
  const bulk = (command: Command) =>
    command
      .option("--dry-run", "only say what would be done")
      .option("--all", "without a filter: of everything")
      .option("--limit <n>", "most to deal with", integer)
      .option("--operation-id <uuid>", "to repeat the same operation safely");
  const paced = (command: Command) => bulk(command).option("--per-second <n>", "how many become due a second", integer);
  const bulkOf = ({ dryRun, limit, operationId, perSecond, routing }: Options) =>
    defined({ dryRun, limit, operationId, perSecond, routing });

  paced(
    addDispatchFilter(
      program
        .command("retry [dispatch]")
        .description("a new dispatch in place of a final one, or of all that a filter finds"),
    ),
  ).action((id: string | undefined, options: Options) =>
    run(async ({ context }, json) => {
      if (id !== undefined) return print(await retryDispatch(context, id, {}), json, show.showDispatch);
      print(await retryDispatches(context, chosen(options), bulkOf(options)), json, show.showBulk);
    }),
  );
  paced(addEventFilter(program.command("replay").description("deliver events again")))
    .addOption(
      new Option("--as <routing>", "to the destinations they had, or of the current configuration")
        .choices(["same", "current"])
        .makeOptionMandatory(),
    )
    .option("--event <ids...>", "only these events")
    .action(({ event, as, ...options }: Options) =>
      run(async ({ context }, json) => {
        const filter = event === undefined ? chosen(options) : { ...filterOf(options), ids: event };
        print(await replayEvents(context, filter, bulkOf({ ...options, routing: as })), json, show.showBulk);
      }),
    );
  bulk(
    addDispatchFilter(
      program.command("cancel [dispatch]").description("cancel an ongoing dispatch, or all that a filter finds"),
    ),
  ).action((id: string | undefined, options: Options) =>
    run(async ({ context }, json) => {
      if (id !== undefined) return print(await cancelDispatch(context, id, {}), json, show.showDispatch);
      print(await cancelDispatches(context, chosen(options), bulkOf(options)), json, show.showBulk);
    }),
  );
  program
    .command("pause <destination> [reason]")
    .description("hold a destination's dispatches")
    .action((name: string, reason: string | undefined) =>
      run(async ({ context, routes }, json) =>
        print(await pauseDestination(context, routes?.config, name, reason, {}), json, (state) => record({ ...state })),
      ),
    );
  program
    .command("resume <destination>")
    .description("let them go again, oldest first")
    .action((name: string) =>
      run(async ({ context, routes }, json) =>
        print(await resumeDestination(context, routes?.config, name, {}), json, (state) => record({ ...state })),
      ),
    );
}

/** The filter of bulk work: an empty one must be meant. */
function chosen(options: Options): Options {
  const filter = filterOf(options);
  if (Object.keys(filter).length === 0 && options.all !== true && options.dryRun !== true)
    throw new Error("give a filter, or --all for everything; --dry-run only says what would be done");
  return filter;
}

/** Without the options that were not given: a check tells them from those that were. */
function defined(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
