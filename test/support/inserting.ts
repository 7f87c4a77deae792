/** Inserts again and again while `work` runs, every `everyMs` milliseconds: for work that begins to look at an unknown moment. */
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
