import { type Command, Option } from "commander";
import { listDestinations } from "../../../workers/hub/operator/destinations.ts";
import { getDispatch, getEvent } from "../../../workers/hub/operator/details.ts";
import { explainRouting } from "../../../workers/hub/operator/explain.ts";
import { pageOfDispatches, pageOfEvents } from "../../../workers/hub/operator/lists.ts";
import { getOperation, listOperations } from "../../../workers/hub/operator/operations.ts";
import { JsonFile } from "../routes/json-file.ts";
import { addDispatchFilter, addEventFilter, filterOf, integer, positive } from "./filters.ts";
import { follow } from "./follow.ts";
import { defined, type Options, type Run } from "./options.ts";
import { print } from "./print.ts";
import * as show from "./show.ts";

/** The commands that find and show, and change nothing. */
export function addReads(program: Command, run: Run): void {
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
    .command("explain <file>")
    .description("what every route says of the payload in a JSON file (needs --routing)")
    .action((file: string) =>
      run(async ({ context }, json) =>
        print(await explainRouting(context, new JsonFile(file).object()), json, show.showRoutes),
      ),
    );
  program
    .command("operations")
    .description("who did what, the newest first")
    .action(() => run(async ({ context }, json) => print(await listOperations(context), json, show.showOperations)));
  program
    .command("operation <operation>")
    .description("who did what, with all its arguments, and how far it is")
    .action((id: string) =>
      run(async ({ context }, json) => print(await getOperation(context, id), json, show.showOperation)),
    );
  addDispatchFilter(
    program.command("follow").description("dispatches of the last ten minutes as they change, until Ctrl-C"),
  )
    .option("--every <seconds>", "how often to look", positive, 2)
    .action(({ every, ...options }: Options) =>
      run(({ context }, json) => follow(context, filterOf(options), { json, seconds: Number(every) })),
    );
}
