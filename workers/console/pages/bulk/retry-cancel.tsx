import { v7 as uuidv7 } from "uuid";
import type { DispatchesDryRun, DispatchFilter } from "../../../../schema/contract/operator.ts";
import { andList } from "../../../../schema/text/list.ts";
import { DEFAULT_PER_SECOND } from "../../../../schema/vocabulary/defaults.ts";
import { isoDate } from "../../../../schema/vocabulary/iso-time.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Heading, Panel } from "../../components/Panels.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { dispatches } from "../../format/text.ts";
import { readSearch, type Search, searchQuery } from "../../forms/filters.ts";
import { numberOf } from "../../forms/number-of.ts";
import { formOf, type PostedForm } from "../../forms/posted-form.ts";
import { Confirm, HiddenSearch, Rate, SearchWords } from "./BulkForm.tsx";
import { cancelFilter, retryFilter } from "./bulk-filters.ts";
import { CountAll, DryRun } from "./DryRunTables.tsx";
import { startOperation } from "./start-operation.ts";

/** Dispatches shown of those that bulk work will touch. */
const SAMPLE = 5;

/** Dispatches counted at once; more if asked for, since it takes a second each hundred thousand. */
const COUNTED = 20_000;

/** Dispatches become due at this rate unless another is given: the hub's own default. */
const PER_SECOND = String(DEFAULT_PER_SECOND);

/** What the two actions on dispatches have of their own. */
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
      "Only what has ended and was not retried yet can be retried; without a status, what failed, was misconfigured or lost.",
  },
  { name: "cancel", verb: "Cancel", filter: cancelFilter, nothing: "Only what is ongoing can be cancelled." },
];

/** `/dispatches/retry`, `/dispatches/cancel`: says what will be done with what a filter finds, then does it. */
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
  const all = c.req.query("count") === "all";
  const dry = { dryRun: true, ...(all ? {} : { limit: COUNTED }) };
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
        <form method="post" action={`/dispatches/${action.name}`}>
          <HiddenSearch search={search} asOf={asOf} operationId={operationId} expected={run.value.dispatches} />
          <Panel title="What this touches" id="touches">
            <DryRun run={run.value} />
            {run.value.exact ? undefined : <CountAll here={here} all={all} />}
          </Panel>
          {sample.value === undefined ? undefined : (
            <Panel title="The oldest of them" id="sample">
              <DispatchTable dispatches={sample.value.items} now={new Date()} caption="The oldest of them" />
            </Panel>
          )}
          <Confirm back={back} danger={action.name === "cancel"} text={sentence(action, run.value)}>
            {action.name === "retry" ? (
              <Rate value={perSecond} />
            ) : (
              <p>They will not be delivered. Calls that are being made now end as they will. This cannot be undone.</p>
            )}
          </Confirm>
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
  return `${verb} ${exact ? "" : "at least "}${dispatches(total)} to ${to}`;
}

async function act(c: ConsoleContext, action: Action) {
  const form = await formOf(c);
  const search = readSearch(form.query);
  const asOf = isoDate(form.get("asOf"));
  if (Number.isNaN(asOf.getTime())) return preview(c, action, search, {});
  const operationId = form.get("operationId");
  const filter = action.filter(search, asOf);
  const work =
    action.name === "retry"
      ? c.var.operator.retryDispatches(filter, { operationId, perSecond: numberOf(form.get("perSecond")) })
      : c.var.operator.cancelDispatches(filter, { operationId });
  const answer = await startOperation(c, form, work);
  return answer instanceof Response ? answer : preview(c, action, search, { error: answer, form });
}
