/** How many calls are under way at once, and how long further ones begin. */
export interface Waves {
  atOnce: number;
  /** For so many milliseconds from now on. The first `atOnce` begin in any case. */
  beginMs: number;
  /** Told of the items whose call will not begin, as soon as that is clear, while others may be under way; `slow`: their time is over. */
  onLeft(indexes: readonly number[], cause: "refused" | "slow"): void;
}

/** Makes calls in the order of their items: the next begins as soon as one has ended. After one that was refused none begins. */
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

/** All at once. */
export const ALL_AT_ONCE: Waves = {
  atOnce: Number.POSITIVE_INFINITY,
  beginMs: Number.POSITIVE_INFINITY,
  onLeft: () => undefined,
};
