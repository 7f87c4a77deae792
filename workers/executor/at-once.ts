/** Does something for each item, at most `limit` at a time: one that takes long holds up only its own place. What it throws, this throws. */
export async function forEachAtOnce<T>(
  items: Iterable<T>,
  limit: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  // One iterator for all places.
  const rest = items[Symbol.iterator]();
  const place = async () => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await act(next.value);
  };
  await Promise.all(Array.from({ length: limit }, place));
}
