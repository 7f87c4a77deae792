/**
 * The other end of {@link import("./fork-backend.ts").forkBackend}. Sends the parent what `start` returns. At the end of standard input, at a signal,
 * or if it fails, disposes of everything that `start` has put into `resources`; then the process ends.
 */
export async function serveBackend<Ready extends object>(
  start: (resources: AsyncDisposableStack) => Promise<Ready>,
): Promise<void> {
  const resources = new AsyncDisposableStack();
  const starting = start(resources);
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    try {
      await starting.catch(() => undefined); // anything that is still starting is stopped once it has started
      await resources.disposeAsync();
      process.exit(code);
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  };
  process.stdin.resume().once("close", () => void stop(0));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop(0));
  try {
    process.send?.(await starting);
  } catch (error) {
    console.error(error);
    await stop(1);
  }
}
