import type { Page } from "../../../schema/contract/operator.ts";
import { type Search, searchQuery } from "../forms/filters.ts";

interface PagerProps {
  path: string;
  search: Search;
  page: Page<unknown>;
}

/** On to the next page, and back to the first; the browser's own back goes one back. */
export const Pager = ({ path, search, page }: PagerProps) => {
  const oldest = search.order === "oldest";
  const further = page.cursor === undefined ? undefined : `${path}${withCursor(search, page.cursor)}`;
  if (search.cursor === "" && further === undefined) return undefined;
  return (
    <nav class="pager" aria-label="Pages of the list">
      {search.cursor === "" ? undefined : (
        <a class="button" href={`${path}${searchQuery(search)}`}>
          {oldest ? "Oldest" : "Newest"}
        </a>
      )}
      {further === undefined ? (
        <span class="dim">That is all.</span>
      ) : (
        <a class="button" rel="next" href={further}>
          {page.items.length === 0 ? "Look further" : oldest ? "Newer →" : "Older →"}
        </a>
      )}
    </nav>
  );
};

function withCursor(search: Search, cursor: string): string {
  const query = searchQuery(search);
  return `${query}${query === "" ? "?" : "&"}cursor=${encodeURIComponent(cursor)}`;
}
