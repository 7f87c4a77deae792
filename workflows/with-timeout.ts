/** No answer came in time. */
export class NoAnswer extends Error {
  constructor() {
    super("no answer in time");
  }
}

/**
 * Waits this many milliseconds for an answer, and then aborts the signal.
 *
 * @throws NoAnswer, or what the work throws
 */
export async function withTimeout<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // First, so that it precedes whatever error the abort causes in the work.
      reject(new NoAnswer());
      abort.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([work(abort.signal), timeout]);
  } finally {
    if (timer !== undefined) clearTimeout(timer);
  }
}
