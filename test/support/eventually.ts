/** Asks again and again until there is an answer; as long as a loaded machine may need. */
export async function eventually<T>(ask: () => Promise<T | undefined>, what: string, limitMs = 120_000): Promise<T> {
  for (const end = Date.now() + limitMs; Date.now() < end; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`waited ${limitMs} ms in vain until ${what}`);
}
