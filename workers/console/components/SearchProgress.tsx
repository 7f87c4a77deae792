import type { Page } from "../../../schema/contract/operator.ts";
import { count } from "../format/amounts.ts";
import { type Search, searchForText, searchQuery } from "../forms/filters.ts";
import { furtherOf, Pager } from "./Pager.tsx";
import { Time } from "./Time.tsx";

interface LookedProps {
  looked: NonNullable<Page<unknown>["looked"]>;
  /** The things that are searched, such as `events`. */
  what: string;
  /** The URL at which the search continues. */
  further: string;
  now: Date;
}

/** The progress of an unfinished search. A script continues it from here (assets/look-on.js). Without scripts, the link does. */
export const Looked = ({ looked: { rows, of, to }, what, further, now }: LookedProps) => (
  <p id="looked" class="looked" data-rows={rows} data-of={of}>
    <progress value={Math.min(rows, of)} max={Math.max(of, rows, 1)} aria-label="How far the search is" />
    <span>
      Looked at <span data-count>{count(rows)}</span> of about <span data-total>{count(Math.max(of, rows))}</span>{" "}
      {what}, back to <Time at={to} now={now} clock />.
    </span>
    <a class="button" rel="next" href={further}>
      Look further
    </a>
  </p>
);

interface FoundPagerProps {
  path: string;
  /** The things that are searched, such as `events`. */
  what: string;
  search: Search;
  page: Page<unknown>;
  now: Date;
}

/** The progress of a list's search, if it is unfinished, and links to other pages. */
export const FoundPager = ({ path, what, search, page, now }: FoundPagerProps) => (
  <>
    {page.looked === undefined || page.cursor === undefined ? undefined : (
      <Looked looked={page.looked} what={what} further={furtherOf(path, search, page.cursor)} now={now} />
    )}
    <Pager path={path} search={search} page={page} />
  </>
);

/** After a search for a number, a link to search for the text that looks the same. */
export const OrAsText = ({ path, search }: { path: string; search: Search }) => {
  const text = searchForText(search);
  return text === undefined ? undefined : (
    <p>
      <code>{search.equals}</code> was looked for as it stands in JSON.{" "}
      <a href={`${path}${searchQuery(text)}`}>Look for the text</a> <code>{text.equals}</code>.
    </p>
  );
};
