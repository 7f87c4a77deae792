/** The first wait between two questions, in milliseconds. The waits grow, since each question costs processor time that the others need. */
const FIRST_MS = 20;
const LAST_MS = 100;

/** Asks again and again until there is an answer, for as long as a loaded machine may need. */
export async function eventually<T>(ask: () => Promise<T | undefined>, what: string, limitMs = 120_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (let waitMs = FIRST_MS; Date.now() < end; waitMs = Math.min(1.2 * waitMs, LAST_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  throw new Error(`waited ${limitMs} ms in vain until ${what}`);
}
