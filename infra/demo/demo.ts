/** `npm run demo -- [--once] [--events N] [--reset] [--port N]`: the whole hub on this machine. */
import { once } from "node:events";
import { inspect } from "node:util";
import { printableLines } from "../../schema/text/printable.ts";
import { ErrorOfLines, exitCodeOf } from "../cli/exit.ts";
import { readCall } from "../cli/script-call.ts";
import { INTERRUPTED, onInterrupt } from "../local/interrupt.ts";
import { isRoutine, type StackMessage } from "../local/logs/message.ts";
import { Resources } from "../local/resources.ts";
import { startStack } from "../local/stack.ts";
import { UserError } from "../user-error.ts";
import { describe, describeFailures } from "./banner.ts";
import { runOnce } from "./once/run.ts";
import { type DemoOptions, HELP, readOptions } from "./options.ts";
import { DATA, demoProject, receivedHere } from "./project.ts";
import { startWebhookReceiver } from "./webhook-receiver.ts";

async function main(options: DemoOptions): Promise<number> {
  const { signal } = onInterrupt();
  // Disposed from last to first, however this ends.
  await using resources = new Resources();
  try {
    return await demo(options, resources, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return options.once ? INTERRUPTED : 0;
  }
}

async function demo(options: DemoOptions, resources: Resources, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  console.log("starting Postgres and the Workers ...");
  const webhooks = await startWebhookReceiver();
  resources.defer(() => webhooks.stop());
  const stack = await startStack(
    {
      ...options,
      project: demoProject(),
      data: DATA,
      variables: { DEMO_WEBHOOK_SECRET: webhooks.secret },
      changeRoutes: receivedHere(webhooks.url),
      watch: !options.once,
      onMessage: tell,
    },
    resources,
    signal,
  );
  console.log(describe(stack, performance.now() - started));
  if (options.once || options.events > 0) {
    const good = await Promise.race([runOnce(stack, options.events, signal), stack.died]);
    if (options.once) return good ? 0 : 1;
    console.log(describeFailures(stack));
  }
  await Promise.race([signal.aborted || once(signal, "abort"), stack.died]);
  return 0;
}

/**
 * The logs have the messages and errors of the demo's consumers; only those of the stack itself and errors of the hub's parts are printed here. The
 * example's failures are not among them: the report and the console show these.
 */
function tell(message: StackMessage): void {
  const { from, level, text, ours = false } = message;
  if (from !== undefined || level === "info" || (ours && isRoutine(message))) return;
  console.warn(`\n${printableLines(text)}`);
}

const options = readCall({ name: "demo", help: HELP }, (args) => readOptions(args, process.env));
try {
  process.exitCode = await main(options);
} catch (error) {
  // It may quote the end of a log, with text from consumers and producers.
  const told = error instanceof UserError || error instanceof ErrorOfLines ? error.message : inspect(error);
  console.error(printableLines(told));
  process.exitCode = exitCodeOf(error);
}
// Ends even if a handle is still open: everything has been stopped.
process.exit();
