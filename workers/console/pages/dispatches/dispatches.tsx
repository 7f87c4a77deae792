import type { DispatchSummary, Page } from "../../../../schema/contract/operator.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { DispatchFilters } from "../../components/Filters.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Pager } from "../../components/Pager.tsx";
import { Empty, ErrorBox, Heading } from "../../components/Panels.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { dispatchFilter, isEmpty, pageOptions, readSearch, type Search, searchQuery } from "../../forms/filters.ts";
import { knownNames } from "./known-names.ts";

/** Rows of a page. */
const ROWS = 50;

/** `/dispatches`: find them; what is found can be retried or cancelled together. */
export function addDispatches(app: ConsoleApp): void {
  app.get("/dispatches", async (c) => {
    const now = new Date();
    const search = readSearch(new URL(c.req.url).searchParams);
    const [page, known] = await Promise.all([
      attempt(c.var.operator.listDispatches(dispatchFilter(search, now), pageOptions(search, ROWS))),
      knownNames(c),
    ]);
    return c.html(
      <Layout c={c} title="Dispatches" section="dispatches" live={5}>
        <Heading title="Dispatches">{isNothing(page.value) ? undefined : <BulkLinks search={search} />}</Heading>
        <DispatchFilters search={search} known={known} />
        {page.error ? (
          <ErrorBox error={page.error} again={pathOf(c)} />
        ) : isNothing(page.value) ? (
          <NothingFound search={search} />
        ) : (
          <>
            <ChosenForm search={search} />
            <DispatchTable dispatches={page.value.items} now={now} choose="chosen" caption="Dispatches found" />
            {page.value.items.length === 0 ? (
              <p class="dim">Nothing so far; a call looks at a bounded number of rows.</p>
            ) : undefined}
            <Pager path="/dispatches" search={search} page={page.value} />
          </>
        )}
      </Layout>,
      page.error?.status ?? 200,
    );
  });
}

const isNothing = (page: Page<DispatchSummary> | undefined) =>
  page === undefined || (page.items.length === 0 && page.cursor === undefined);

/** What the statuses that are searched for allow: only what has ended can be retried, only what is ongoing can be cancelled. */
function allowed({ status, overdue }: Search): { retry: boolean; cancel: boolean } {
  const onlyOngoing = overdue !== "" || (status.length > 0 && status.every((one) => one === "ongoing"));
  return { retry: !onlyOngoing, cancel: onlyOngoing || status.length === 0 || status.includes("ongoing") };
}

/** What is chosen on this page. */
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

/** All of what is found, not only this page. */
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
        An event makes one for each route that it matches. <a href="/emit">Emit an event</a>, or see what{" "}
        <a href="/routes">the routes</a> would make of one.
      </p>
    </Empty>
  ) : (
    <Empty title="No dispatch fits all of this">
      <p>
        {search.ids === "" ? (
          "Take a part of the filter away, choose a longer period, or "
        ) : (
          <>
            No dispatch, event or operation has this id: it may have been removed by retention, or be of another
            environment. You can{" "}
          </>
        )}
        <a href="/dispatches">start anew</a>.
      </p>
    </Empty>
  );

function pathOf(c: ConsoleContext): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname}${search}`;
}
