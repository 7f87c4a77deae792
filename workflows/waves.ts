/** How many calls are in flight at once, and for how long further ones may begin. */
export interface Waves {
  atOnce: number;
  /** For how many milliseconds from now. The first `atOnce` calls begin in any case. */
  beginMs: number;
  /** Called with the items that will not be called, as soon as that is clear, while other calls may be in flight. `slow`: their time is over. */
  onLeft(indexes: readonly number[], cause: "refused" | "slow"): void;
}

/** Makes calls in the order of their items. The next begins as soon as one has ended. After a refused call, none begins. */
export async function inWaves<Item>(
  items: readonly Item[],
  { atOnce, beginMs, onLeft }: Waves,
  call: (item: Item, index: number) => Promise<"go on" | "refused">,
): Promise<void> {
  let next = 0;
  let stopped = false;
  const stop = (cause: "refused" | "slow") => {
    if (stopped) return;
    stopped = true;
    if (next < items.length)
      onLeft(
        Array.from({ length: items.length - next }, (_, n) => next + n),
        cause,
      );
  };
  const place = async () => {
    while (!stopped && next < items.length) {
      const index = next++;
      if ((await call(items[index] as Item, index)) === "refused") stop("refused");
    }
  };
  const timer =
    items.length > atOnce && Number.isFinite(beginMs) ? setTimeout(stop, Math.max(0, beginMs), "slow") : undefined;
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, place));
  if (timer !== undefined) clearTimeout(timer);
}

/** All calls begin at once. */
export const ALL_AT_ONCE: Waves = {
  atOnce: Number.POSITIVE_INFINITY,
  beginMs: Number.POSITIVE_INFINITY,
  onLeft: () => undefined,
};
