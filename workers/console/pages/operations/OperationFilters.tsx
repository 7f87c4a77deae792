import { OPERATION_ACTIONS } from "../../../../schema/vocabulary/statuses.ts";
import { Choice, Field } from "../../components/Fields.tsx";
import { Submit } from "../../components/Filters.tsx";
import { PERIOD_OPTIONS } from "../../components/RangeMenu.tsx";
import { count } from "../../format/amounts.ts";
import { MAX_EXPORTED_ROWS } from "../../format/csv.ts";
import { actionWords } from "../../format/operation-text.ts";
import { type OperationSearch, operationsPath } from "./operation-search.ts";

/** The filter for operations: who, what, and since when. */
export const OperationFilters = ({ search }: { search: OperationSearch }) => (
  <form class="filters" action="/operations" data-filters autocomplete="off">
    <Field name="actor" label="Who" value={search.actor} />
    <Choice
      name="action"
      label="What"
      value={search.action}
      options={[["", "anything"], ...OPERATION_ACTIONS.map((action) => [action, actionWords({ action })] as const)]}
    />
    <Choice name="period" label="Period" value={search.period} options={PERIOD_OPTIONS} />
    <Submit path="/operations" />
  </form>
);

/** Links to the found operations as files, for an audit. */
export const ExportOperations = ({ search }: { search: OperationSearch }) => (
  <details class="menu">
    <summary class="button">Export</summary>
    <div class="menu-body">
      <p class="dim">
        Who did what, with which arguments and what came of it: all that is found, up to {count(MAX_EXPORTED_ROWS)}{" "}
        rows; the file's name says if there are more.
      </p>
      <a class="button" href={operationsPath(search, {}, "/operations.csv")} download>
        CSV
      </a>
      <a class="button" href={operationsPath(search, {}, "/operations.json")} download>
        JSON
      </a>
    </div>
  </details>
);
