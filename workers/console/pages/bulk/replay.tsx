import { v7 as uuidv7 } from "uuid";
import type { ReplayDryRun } from "../../../../schema/contract/operations.ts";
import { DEFAULT_PER_SECOND } from "../../../../schema/vocabulary/defaults.ts";
import { isoDate } from "../../../../schema/vocabulary/iso-time.ts";
import { Tabs } from "../../components/Fields.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Heading, Panel } from "../../components/Panels.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { dispatches, many } from "../../format/amounts.ts";
import { readSearch, type Search, searchQuery } from "../../forms/filters.ts";
import { numberOf } from "../../forms/number-of.ts";
import { formOf, type PostedForm } from "../../forms/posted-form.ts";
import { Confirm, HiddenSearch, Rate, SearchWords } from "./BulkForm.tsx";
import { replayFilter } from "./bulk-filters.ts";
import { Bounds, ReplayRun } from "./DryRunTables.tsx";
import { bulkOptions, startOperation } from "./start-operation.ts";
import { TypedNumber, typedFault } from "./typed-number.tsx";

type Routing = "same" | "current";

const routingOf = (text: string | null | undefined): Routing => (text === "current" ? "current" : "same");

/** `/events/replay`: shows what a replay of a filter's events would create with each routing, then creates it. */
export function addReplay(app: ConsoleApp): void {
  app.get("/events/replay", (c) => {
    const query = new URL(c.req.url).searchParams;
    return preview(c, readSearch(query), routingOf(query.get("routing")), {});
  });

  app.post("/events/replay", async (c) => {
    const form = await formOf(c);
    const search = readSearch(form.query);
    const routing = routingOf(form.get("routing"));
    const asOf = isoDate(form.get("asOf"));
    if (Number.isNaN(asOf.getTime())) return preview(c, search, routing, {});
    const fault = typedFault(c, form);
    if (fault !== undefined) return preview(c, search, routing, { error: fault, form });
    const options = { ...bulkOptions(form), routing, perSecond: numberOf(form.get("perSecond")) };
    const answer = await startOperation(c, form, c.var.operator.replayEvents(replayFilter(search, asOf), options));
    return answer instanceof Response ? answer : preview(c, search, routing, { error: answer, form });
  });
}

interface FailedForm {
  error?: CallError;
  form?: PostedForm;
}

async function preview(c: ConsoleContext, search: Search, routing: Routing, { error, form }: FailedForm) {
  const asOf = form === undefined ? new Date() : isoDate(form.get("asOf"));
  const work = c.var.operator.replayEvents(replayFilter(search, asOf), {
    routing,
    dryRun: true,
  });
  const run = await attempt(work as Promise<ReplayDryRun>);
  const query = searchQuery(search);
  const here = (one: Routing) => `/events/replay${query}${query === "" ? "?" : "&"}routing=${one}`;
  return c.html(
    <Layout c={c} title="Replay events" section="events">
      <Heading title="Replay events" />
      <SearchWords search={search} />
      <Tabs
        label="Routing"
        tabs={[
          { text: "to the destinations they had", href: here("same"), current: routing === "same" },
          { text: "as the routes are now", href: here("current"), current: routing === "current" },
        ]}
      />
      {error === undefined ? undefined : <ErrorBox error={error} />}
      {run.error ? (
        <ErrorBox error={run.error} again={here(routing)} />
      ) : run.value.dispatches === 0 ? (
        <Empty title="This would make no dispatch">
          <p>
            {run.value.events === 0
              ? "No event matches the filter."
              : `${many(run.value.events, "event")} found; their payloads are gone, or no route matches them. The other routing may match.`}
          </p>
          <p>
            <a class="button" href={`/events${query}`}>
              Back
            </a>
          </p>
        </Empty>
      ) : (
        <form method="post" action="/events/replay">
          <HiddenSearch
            search={search}
            asOf={asOf}
            operationId={form?.get("operationId") ?? uuidv7()}
            expected={run.value}
          />
          <input type="hidden" name="routing" value={routing} />
          <div class="split even">
            <Panel title="What this makes" id="touches">
              <ReplayRun run={run.value} routing={routing} />
              <Bounds run={run.value} />
            </Panel>
            <Confirm
              back={`/events${query}`}
              text={`Replay ${run.value.exact ? "" : "more than "}${many(run.value.events, "event")}: ${run.value.exact ? "" : "more than "}${dispatches(run.value.dispatches)}`}
            >
              <p>Consumers get these events again, whether or not they have handled them before.</p>
              <Rate value={form?.get("perSecond") ?? String(DEFAULT_PER_SECOND)} />
              <TypedNumber c={c} expected={run.value} />
            </Confirm>
          </div>
        </form>
      )}
    </Layout>,
    error?.status ?? run.error?.status ?? 200,
  );
}
