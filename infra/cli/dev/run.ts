import { once } from "node:events";
import { join } from "node:path";
import { openDatabase } from "../../../schema/database/connection.ts";
import { INTERRUPTED, onInterrupt } from "../../local/interrupt.ts";
import { DATA_DIRECTORIES } from "../../local/paths.ts";
import { Resources } from "../../local/resources.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { type Project, readProject } from "../../project/project.ts";
import { EXIT } from "../exit.ts";
import { describe, describeFaults, describeKeys, describeMissing } from "./banner.ts";
import { followDeliveries } from "./deliveries.ts";
import { emitExample } from "./emit.ts";
import { onKeys } from "./on-keys.ts";
import { runOnce } from "./once.ts";
import { openConsole } from "./open-console.ts";
import type { DevOptions } from "./options.ts";
import { createPrinter, type Printer } from "./printer.ts";

/** Where a project's stack stores its data. */
const DATA = DATA_DIRECTORIES.dev;

/** How a session ended, unless with an error. */
type End = "quit" | "reset" | "done" | "not done";

/** Runs the stack until it is told to end. @returns The exit code. */
export async function runDev(options: DevOptions): Promise<number> {
  const interrupt = onInterrupt();
  let end: End = "reset";
  for (let reset = options.reset; end === "reset"; reset = true) {
    // Read again, as after a restart.
    const project = readProject({ root: options.root, ...(options.configs && { configs: options.configs }) });
    try {
      end = await session({ ...options, reset }, project, interrupt);
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      end = "quit";
    }
  }
  if (end === "quit") return options.once ? INTERRUPTED : EXIT.ok;
  return end === "done" ? EXIT.ok : EXIT.failed;
}

async function session(options: DevOptions, project: Project, interrupt: AbortController): Promise<End> {
  const { port, reset, once: one, databaseUrl } = options;
  const { signal } = interrupt;
  const printer = createPrinter(project, options.verbose);
  await using resources = new Resources();
  const started = performance.now();
  for (const line of [...describeMissing(project), ...describeFaults(project)]) printer.warn(line);
  printer.line(reset ? "restarting Postgres and the Workers ..." : "starting Postgres and the Workers ...");
  const data = join(project.root, DATA);
  const stack = await startStack(
    { project, data, port, reset, databaseUrl, watch: !one, onMessage: printer.message },
    resources,
    signal,
  );
  printer.line(describe(stack, project, performance.now() - started));
  const deliveries = await followDeliveries(openDatabase(stack.database), printer.line);
  resources.defer(() => deliveries.stop());
  if (one)
    return (await Promise.race([runOnce(stack, project, deliveries, printer, signal), stack.died]))
      ? "done"
      : "not done";
  return await stay({ stack, project, printer, interrupt, resources });
}

interface Session {
  stack: Stack;
  project: Project;
  printer: Printer;
  interrupt: AbortController;
  resources: Resources;
}

/** Handles the keys, until the end. */
async function stay({ stack, project, printer, interrupt, resources }: Session): Promise<End> {
  const { promise: resetting, resolve } = Promise.withResolvers<End>();
  const quit = () => process.emit("SIGINT");
  const release = onKeys({
    e: () => void emitExample(stack, project, printer),
    o: () => void openConsole(stack, printer),
    r: () => resolve("reset"),
    q: quit,
    "ctrl-c": quit,
  });
  if (release !== undefined) {
    resources.defer(release);
    printer.line(describeKeys(stack));
  }
  const ended = interrupt.signal.aborted ? Promise.resolve() : once(interrupt.signal, "abort");
  const end = await Promise.race([ended.then((): End => "quit"), resetting, stack.died]);
  if (end === "reset")
    printer.line(
      `resetting: everything in ${DATA}/ is deleted${stack.database.own ? "" : ", but the database of DATABASE_URL stays as it is"}`,
    );
  return end;
}
