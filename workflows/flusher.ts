import { FLUSH_INTERVAL_MS } from "../schema/vocabulary/limits.ts";

/** Collects items that arrive one by one, and sends them on together. No item is lost: `close` returns what could not be sent. */
export interface Flusher<Item> {
  add(...items: Item[]): void;
  /** Sends what is left, and returns what could not be sent. */
  close(): Promise<Item[]>;
}

/** Opens a flusher. `send` returns what it could not send, which is sent with the next items. `send` must not throw. */
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
