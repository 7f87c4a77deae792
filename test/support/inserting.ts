/** Inserts again and again while something is done, `everyMs` after each other: for what begins to look at a moment that nobody knows. */
export async function whileInserting<T>(
  insert: () => Promise<unknown>,
  work: () => Promise<T>,
  everyMs = 200,
): Promise<T> {
  let inserting = true;
  const inserter = (async () => {
    while (inserting) {
      await insert();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  try {
    return await work();
  } finally {
    inserting = false;
    await inserter;
  }
}
