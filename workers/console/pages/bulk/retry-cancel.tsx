import { v7 as uuidv7 } from "uuid";
import type { DispatchesDryRun } from "../../../../schema/contract/operations.ts";
import type { DispatchFilter } from "../../../../schema/contract/operator.ts";
import { andList } from "../../../../schema/text/and-list.ts";
import { DEFAULT_PER_SECOND } from "../../../../schema/vocabulary/defaults.ts";
import { isoDate } from "../../../../schema/vocabulary/iso-time.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Heading, Panel } from "../../components/Panels.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { dispatches } from "../../format/amounts.ts";
import { readSearch, type Search, searchQuery } from "../../forms/filters.ts";
import { numberOf } from "../../forms/number-of.ts";
import { formOf, type PostedForm } from "../../forms/posted-form.ts";
import { Confirm, HiddenSearch, Rate, SearchWords } from "./BulkForm.tsx";
import { cancelFilter, retryFilter } from "./bulk-filters.ts";
import { Bounds, DryRun } from "./DryRunTables.tsx";
import { bulkOptions, startOperation } from "./start-operation.ts";
import { TypedNumber, typedFault } from "./typed-number.tsx";

/** The most dispatches shown of those that bulk work will change. */
const SAMPLE = 5;

/** The rate at which dispatches become due unless another is given: the hub's own default. */
const PER_SECOND = String(DEFAULT_PER_SECOND);

/** The differences between the two actions on dispatches. */
interface Action {
  name: "retry" | "cancel";
  verb: "Retry" | "Cancel";
  filter: (search: Search, asOf: Date) => DispatchFilter;
  nothing: string;
}

const ACTIONS: readonly Action[] = [
  {
    name: "retry",
    verb: "Retry",
    filter: retryFilter,
    nothing:
      "Only dispatches that have ended and were not retried yet can be retried; without a status, those that are failed, misconfigured or lost.",
  },
  { name: "cancel", verb: "Cancel", filter: cancelFilter, nothing: "Only ongoing dispatches can be cancelled." },
];

/** `/dispatches/retry`, `/dispatches/cancel`: shows what will be done with the dispatches of a filter, then does it. */
export function addBulk(app: ConsoleApp): void {
  for (const action of ACTIONS) {
    app.get(`/dispatches/${action.name}`, (c) => preview(c, action, readSearch(new URL(c.req.url).searchParams), {}));
    app.post(`/dispatches/${action.name}`, (c) => act(c, action));
  }
}

interface FailedForm {
  error?: CallError;
  form?: PostedForm;
}

async function preview(c: ConsoleContext, action: Action, search: Search, { error, form }: FailedForm) {
  const asOf = form === undefined ? new Date() : isoDate(form.get("asOf"));
  const filter = action.filter(search, asOf);
  const { operator } = c.var;
  const dry = { dryRun: true };
  const dryRun =
    action.name === "retry" ? operator.retryDispatches(filter, dry) : operator.cancelDispatches(filter, dry);
  const sampled = action.name === "retry" ? { ...filter, retried: false } : filter;
  const [run, sample] = await Promise.all([
    attempt(dryRun as Promise<DispatchesDryRun>),
    attempt(operator.listDispatches(sampled, { limit: SAMPLE, order: "oldest" })),
  ]);
  const here = `/dispatches/${action.name}${searchQuery(search)}`;
  const back = `/dispatches${searchQuery(search)}`;
  const title = `${action.verb} dispatches`;
  const perSecond = form?.get("perSecond") ?? PER_SECOND;
  const operationId = form?.get("operationId") ?? uuidv7();
  return c.html(
    <Layout c={c} title={title} section="dispatches">
      <Heading title={title} />
      <SearchWords search={search} />
      {error === undefined ? undefined : <ErrorBox error={error} />}
      {run.error ? (
        <ErrorBox error={run.error} again={here} />
      ) : run.value.dispatches === 0 ? (
        <Empty title={`There is nothing to ${action.name}`}>
          <p>{action.nothing}</p>
          <p>
            <a class="button" href={back}>
              Back
            </a>
          </p>
        </Empty>
      ) : (
        <form method="post" action={`/dispatches/${action.name}`} class="stack">
          <HiddenSearch search={search} asOf={asOf} operationId={operationId} expected={run.value} />
          <div class="split even">
            <Panel title="What this touches" id="touches">
              <DryRun run={run.value} />
              <Bounds run={run.value} />
            </Panel>
            <Confirm back={back} danger={action.name === "cancel"} text={sentence(action, run.value)}>
              {action.name === "retry" ? (
                <Rate value={perSecond} />
              ) : (
                <p>
                  They will not be delivered. Calls that are being made now end as they will. This cannot be undone.
                </p>
              )}
              <TypedNumber c={c} expected={run.value} />
            </Confirm>
          </div>
          {sample.value === undefined ? undefined : (
            <Panel title="The oldest of them" id="sample">
              <DispatchTable dispatches={sample.value.items} now={new Date()} caption="The oldest of them" />
            </Panel>
          )}
        </form>
      )}
    </Layout>,
    error?.status ?? run.error?.status ?? 200,
  );
}

/** `Retry 12 dispatches to BILLING and MAIL`. */
function sentence({ verb }: Action, { dispatches: total, exact, groups }: DispatchesDryRun): string {
  const names = [...new Set(groups.map(({ destination }) => destination))];
  const to = names.length <= 3 ? andList(names) : `${names.length} destinations`;
  return `${verb} ${exact ? "" : "more than "}${dispatches(total)} to ${to}`;
}

async function act(c: ConsoleContext, action: Action) {
  const form = await formOf(c);
  const search = readSearch(form.query);
  const asOf = isoDate(form.get("asOf"));
  if (Number.isNaN(asOf.getTime())) return preview(c, action, search, {});
  const fault = typedFault(c, form);
  if (fault !== undefined) return preview(c, action, search, { error: fault, form });
  const options = bulkOptions(form);
  const filter = action.filter(search, asOf);
  const work =
    action.name === "retry"
      ? c.var.operator.retryDispatches(filter, { ...options, perSecond: numberOf(form.get("perSecond")) })
      : c.var.operator.cancelDispatches(filter, options);
  const answer = await startOperation(c, form, work);
  return answer instanceof Response ? answer : preview(c, action, search, { error: answer, form });
}
