import type { Tail, TailItem } from "../../../../schema/contract/tail.ts";

/** What has happened since the previous look. */
export interface News {
  /** Oldest first. */
  items: TailItem[];
  /** How many further items there were that are not shown; 0 if there are none. */
  missed: number;
  /** False if there were more than that. */
  exact: boolean;
}

/** How long a key is remembered, in milliseconds: longer than any look reaches back. */
const KNOWN_MS = 5 * 60_000;

/**
 * Makes looks that report each item once: an item whose key was already seen is skipped.
 *
 * @param read Makes one look. It gets the time of the previous look.
 * @param backfill Whether the first look reports what it finds, from the last minute.
 */
export function follower(read: (after: Date | undefined) => Promise<Tail>, backfill: boolean): () => Promise<News> {
  const known = new Map<string, number>();
  let after: Date | undefined;
  return async () => {
    const { at, items, missed, exact } = await read(after);
    const isFirst = after === undefined;
    after = at;
    const news = items.filter(({ key }) => !known.has(key));
    for (const { key } of items) known.set(key, at.getTime());
    for (const [key, seen] of known) if (seen < at.getTime() - KNOWN_MS) known.delete(key);
    return isFirst && !backfill ? { items: [], missed: 0, exact: true } : { items: news, missed, exact };
  };
}
