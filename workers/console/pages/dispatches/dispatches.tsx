import type { ListedDispatch, Page } from "../../../../schema/contract/operator.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { DispatchFilters } from "../../components/Filters.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ListMenus } from "../../components/ListMenus.tsx";
import { Empty, ErrorBox, Heading } from "../../components/Panels.tsx";
import { FoundPager, OrAsText } from "../../components/SearchProgress.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { PAGE_ROWS } from "../../format/page-rows.ts";
import { pathOf } from "../../format/paths.ts";
import { listSeconds } from "../../format/refresh-seconds.ts";
import { columnsOf, wantsAbout } from "../../forms/columns.ts";
import { dispatchFilter, isEmpty, readSearch, type Search, searchQuery, shownPage } from "../../forms/filters.ts";
import { knownNames } from "./known-names.ts";

/** `/dispatches`: a search, whose dispatches can be retried or cancelled together. */
export function addDispatches(app: ConsoleApp): void {
  app.get("/dispatches", async (c) => {
    const now = new Date();
    const search = readSearch(new URL(c.req.url).searchParams);
    const columns = columnsOf(c, "dispatches", search.columns);
    const options = { ...shownPage(search, PAGE_ROWS.list), about: wantsAbout(columns) };
    const [page, known] = await Promise.all([
      attempt(c.var.operator.listDispatches(dispatchFilter(search, now), options)),
      knownNames(c),
    ]);
    return c.html(
      <Layout c={c} title="Dispatches" section="dispatches" live={listSeconds(page.value, now)}>
        <Heading title="Dispatches">
          {isNothing(page.value) ? undefined : <BulkLinks search={search} />}
          <ListMenus list="dispatches" search={search} columns={columns} />
        </Heading>
        <DispatchFilters search={search} known={known} />
        {page.error ? (
          <ErrorBox error={page.error} again={pathOf(c)} />
        ) : isNothing(page.value) ? (
          <NothingFound search={search} />
        ) : (
          <>
            <ChosenForm search={search} />
            <DispatchTable
              dispatches={page.value.items}
              now={now}
              choose="chosen"
              columns={columns}
              caption="Dispatches found"
            />
            <FoundPager path="/dispatches" what="dispatches" search={search} page={page.value} now={now} />
          </>
        )}
      </Layout>,
      page.error?.status ?? 200,
    );
  });
}

const isNothing = (page: Page<ListedDispatch> | undefined) =>
  page === undefined || (page.items.length === 0 && page.cursor === undefined);

/** The actions that the statuses of the search allow: only final dispatches can be retried, and only ongoing ones can be cancelled. */
function allowed({ status, overdue }: Search): { retry: boolean; cancel: boolean } {
  const onlyOngoing = overdue !== "" || (status.length > 0 && status.every((one) => one === "ongoing"));
  return { retry: !onlyOngoing, cancel: onlyOngoing || status.length === 0 || status.includes("ongoing") };
}

/** The form for the dispatches chosen on this page. */
const ChosenForm = ({ search }: { search: Search }) => {
  const { retry, cancel } = allowed(search);
  return (
    <form id="chosen" class="chosen" action="/dispatches/retry">
      Chosen:
      {retry ? (
        <button type="submit" class="button">
          Retry…
        </button>
      ) : undefined}
      {cancel ? (
        <button type="submit" class="button" formaction="/dispatches/cancel">
          Cancel…
        </button>
      ) : undefined}
    </form>
  );
};

/** Links to act on everything that the search finds, not only on this page. */
const BulkLinks = ({ search }: { search: Search }) => {
  const query = searchQuery(search, { order: "" });
  const { retry, cancel } = allowed(search);
  return (
    <>
      {retry ? (
        <a class="button" href={`/dispatches/retry${query}`}>
          Retry all found…
        </a>
      ) : undefined}
      {cancel ? (
        <a class="button" href={`/dispatches/cancel${query}`}>
          Cancel all found…
        </a>
      ) : undefined}
    </>
  );
};

const NothingFound = ({ search }: { search: Search }) =>
  isEmpty(search) ? (
    <Empty title="There are no dispatches yet">
      <p>
        A dispatch is one event on its way to one destination: an event makes one for each route that it matches, and
        each has its own attempts, retries and result.
      </p>
      <p class="actions">
        <a class="button primary" href="/emit">
          Emit an event
        </a>
        <a class="button" href="/routes">
          Try a payload on the routes
        </a>
      </p>
    </Empty>
  ) : (
    <Empty title="No dispatch matches this filter">
      <p>
        {search.ids === ""
          ? "Take a filter away above, or choose a longer time."
          : "No dispatch, event or operation has this id: it may have been removed by retention, or be of another environment."}
      </p>
      <p>
        <a class="button" href="/dispatches">
          Show all dispatches
        </a>
      </p>
      <OrAsText path="/dispatches" search={search} />
    </Empty>
  );
