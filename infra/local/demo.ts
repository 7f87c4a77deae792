/** `npm run demo -- [--once] [--events N] [--reset] [--port N]`: the whole hub on this machine. */
import { once } from "node:events";
import { describe, describeFailures } from "./banner.ts";
import { runOnce } from "./once/run.ts";
import { type DemoOptions, readOptions } from "./options.ts";
import { Sentence } from "./sentence.ts";
import { startStack } from "./stack.ts";

/** What a shell calls a program that was interrupted. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  const signal = onInterrupt();
  // Disposed last to first, however this ends.
  await using resources = new AsyncDisposableStack();
  try {
    return await demo(options, resources, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return options.once ? INTERRUPTED : 0;
  }
}

async function demo(options: DemoOptions, resources: AsyncDisposableStack, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  console.log("starting Postgres and the Workers ...");
  const stack = await startStack(options, resources, signal);
  console.log(describe(stack, performance.now() - started));
  if (options.once || options.events > 0) {
    const good = await Promise.race([runOnce(stack, options.events, signal), stack.died]);
    if (options.once) return good ? 0 : 1;
    console.log(describeFailures(stack));
  }
  await Promise.race([signal.aborted || once(signal, "abort"), stack.died]);
  return 0;
}

function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      // Whatever is left by the second one, the next start finds and ends.
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      console.log("\nstopping ...");
      controller.abort(new Error("interrupted"));
    });
  }
  return controller.signal;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Sentence ? error.message : error);
  process.exitCode = 1;
}
// Not left to the last open handle: everything has been stopped.
process.exit();
