import { FLUSH_INTERVAL_MS } from "../schema/vocabulary/limits.ts";

/** Collects what lands one by one, and sends it on together. Nothing that was added is dropped: what could not be sent, `close` gives back. */
export interface Flusher<Item> {
  add(...items: Item[]): void;
  /** Sends what is left and gives back what could not be sent. */
  close(): Promise<Item[]>;
}

/** `send` gives back what it could not send: that goes with the next. Never throws. */
export function openFlusher<Item>(send: (items: Item[]) => Promise<Item[]>): Flusher<Item> {
  let pending: Item[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const flush = async () => {
    const items = pending;
    pending = [];
    if (items.length > 0) pending = [...(await send(items)), ...pending];
  };

  return {
    add(...items) {
      pending.push(...items);
      timer ??= setTimeout(() => {
        timer = undefined;
        flushing = flushing.then(flush);
      }, FLUSH_INTERVAL_MS);
    },
    async close() {
      if (timer !== undefined) clearTimeout(timer);
      await flushing;
      await flush();
      return pending;
    },
  };
}
