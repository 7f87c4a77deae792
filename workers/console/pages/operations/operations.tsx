import type { Operation } from "../../../../schema/contract/operations.ts";
import { operationState, outcomeText } from "../../../../schema/text/outcome-text.ts";
import { Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, Heading } from "../../components/Panels.tsx";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { count, oneLine } from "../../format/amounts.ts";
import { actionWords, affectedWords, argumentsOf } from "../../format/operation-text.ts";
import { PAGE_ROWS } from "../../format/page-rows.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { ExportOperations, OperationFilters } from "./OperationFilters.tsx";
import { type OperationSearch, operationFilter, operationsPath, readOperationSearch } from "./operation-search.ts";

/** `/operations`: who did what. */
export function addOperations(app: ConsoleApp): void {
  app.get("/operations", async (c) => {
    const now = new Date();
    const search = readOperationSearch(c.req.query());
    const after = c.req.query("after") ?? "";
    const page = { limit: PAGE_ROWS.list, ...(after === "" ? {} : { after }) };
    const operations = await c.var.operator.listOperations(operationFilter(search, now), page);
    return c.html(
      <Layout c={c} title="Operations" section="operations" live={REFRESH_SECONDS.operations}>
        <Heading title="Operations">
          <ExportOperations search={search} />
        </Heading>
        <OperationFilters search={search} />
        {operations.length > 0 ? (
          <OperationTable operations={operations} now={now} />
        ) : after !== "" ? (
          <p class="dim">That is all.</p>
        ) : operationsPath(search) === "/operations" ? (
          <Empty title="Nobody has done anything yet">
            <p>
              Every retry, replay, cancel, stop, pause and resume is kept here, with who did it, when, and what came of
              it; whether it was done in the console, by <code>ops</code>, or in SQL.
            </p>
            <p>
              <a class="button" href="/dispatches">
                Find dispatches to retry
              </a>
            </p>
          </Empty>
        ) : (
          <Empty title="Nobody has done that">
            <p>
              <a href="/operations">All operations</a>
            </p>
          </Empty>
        )}
        <OperationPager search={search} isFirst={after === ""} last={operations.at(PAGE_ROWS.list - 1)?.id} />
      </Layout>,
    );
  });
}

interface OperationPagerProps {
  search: OperationSearch;
  isFirst: boolean;
  /** The last operation of a full page, after which there may be more. */
  last: string | undefined;
}

const OperationPager = ({ search, isFirst, last }: OperationPagerProps) =>
  isFirst && last === undefined ? undefined : (
    <nav class="pager" aria-label="Pages of the list">
      {isFirst ? undefined : (
        <a class="button" href={operationsPath(search)}>
          Newest
        </a>
      )}
      {last === undefined ? undefined : (
        <a class="button" rel="next" href={operationsPath(search, { after: last })}>
          Older →
        </a>
      )}
    </nav>
  );

/** The state of an operation, and its outcome: if its dispatches fail, making all of them is no success. */
const State = ({ operation }: { operation: Operation }) => {
  const { word, tone } = operationState(operation);
  const outcome = outcomeText(operation);
  return (
    <>
      <Status name={tone} text={word} />
      {outcome === undefined ? undefined : <div class="dim">{outcome}</div>}
    </>
  );
};

const OperationTable = ({ operations, now }: { operations: readonly Operation[]; now: Date }) => (
  <table class="rows operations">
    <caption class="hidden">The newest operations</caption>
    <thead>
      <tr>
        <th>State</th>
        <th>Operation</th>
        <th>What</th>
        <th>Who</th>
        <th class="num">Dispatches</th>
        <th>When</th>
        <th>Told</th>
      </tr>
    </thead>
    <tbody>
      {operations.map((operation) => (
        <tr id={`o-${operation.id}`}>
          <td>
            <State operation={operation} />
          </td>
          <td>
            <Id id={operation.id} href={`/operations/${operation.id}`} row />
          </td>
          <td>{actionWords(operation)}</td>
          <td class="name" title={operation.actor}>
            {operation.actor}
          </td>
          <td class="num">
            {count(operation.affected)} <span class="dim">{affectedWords(operation)}</span>
          </td>
          <td class="when">
            <Time at={operation.createdAt} now={now} />
          </td>
          <td class="reason" title={toldOf(operation).slice(0, 1_000)}>
            {oneLine(toldOf(operation), 160)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** The arguments in one line. */
const toldOf = (operation: Operation): string =>
  argumentsOf(operation)
    .map(({ name, text }) => `${name} ${text}`)
    .join(" · ");
