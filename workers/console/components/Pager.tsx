import type { Page } from "../../../schema/contract/operator.ts";
import { type Search, searchQuery } from "../forms/filters.ts";

interface PagerProps {
  path: string;
  search: Search;
  page: Page<unknown>;
}

/** Links to the next page and to the first one. The browser's own button goes one page back. */
export const Pager = ({ path, search, page }: PagerProps) => {
  const oldest = search.order === "oldest";
  // An unfinished search shows itself where it continues.
  const further = page.cursor === undefined ? undefined : furtherOf(path, search, page.cursor);
  if (search.cursor === "" && (further === undefined || page.looked !== undefined)) return undefined;
  return (
    <nav class="pager" aria-label="Pages of the list">
      {search.cursor === "" ? undefined : (
        <a class="button" href={`${path}${searchQuery(search)}`}>
          {oldest ? "Oldest" : "Newest"}
        </a>
      )}
      {further === undefined ? (
        <span class="dim">That is all.</span>
      ) : page.looked === undefined ? (
        <a class="button" rel="next" href={further}>
          {oldest ? "Newer →" : "Older →"}
        </a>
      ) : undefined}
    </nav>
  );
};

/** The URL at which a list continues. */
export function furtherOf(path: string, search: Search, cursor: string): string {
  const query = searchQuery(search);
  return `${path}${query}${query === "" ? "?" : "&"}cursor=${encodeURIComponent(cursor)}`;
}
