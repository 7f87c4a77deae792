/** The exit code of a program that was interrupted, as in a shell. */
export const INTERRUPTED = 130;

/** A signal that aborts when somebody wants this process to end. The second time, the process ends at once. */
export function onInterrupt(): AbortController {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      // Its watchdog, or the next start, ends whatever the second interrupt leaves behind.
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      console.log("\nstopping ...");
      controller.abort(new Error("interrupted"));
    });
  }
  return controller;
}
