/** What a shell calls a program that was interrupted. */
export const INTERRUPTED = 130;

/** A signal that aborts when somebody wants this process to end; the second time, it ends at once. */
export function onInterrupt(): AbortController {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      // Whatever is left by the second one, its watchdog ends, or the next start.
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      console.log("\nstopping ...");
      controller.abort(new Error("interrupted"));
    });
  }
  return controller;
}
