import type { DispatchFilter, Traffic } from "../../../../schema/contract/operator.ts";
import { UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Heading, Panel } from "../../components/Panels.tsx";
import { RangeTabs } from "../../components/RangeTabs.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { type ChartRange, chartRangeOf } from "../../format/buckets.ts";
import { PAGE_ROWS } from "../../format/page-rows.ts";
import { destinationPath, routePath } from "../../format/paths.ts";
import { searchQuery } from "../../forms/filters.ts";
import { FlowChart, LatencyChart } from "./Charts.tsx";
import { flowOf, totalOf } from "./flow-totals.ts";
import { Totals } from "./Totals.tsx";

/**
 * `/figures`: what came in, what went out and how long it took, over time; for everything, for one destination, or for one of its routes. Other pages
 * fetch parts of it, but it is also a page itself.
 */
export function addFigures(app: ConsoleApp): void {
  app.get("/figures", async (c) => {
    const now = new Date();
    const { destination, route } = c.req.query();
    const of = { ...(destination && { destination }), ...(route && { route }) };
    const range = chartRangeOf(c.req.query(), now);
    const { since, until, bucketSeconds: bucket } = range;
    const options = { since, bucket, ...(until && { until }), ...of };
    // This page shows a range marked in the overview's charts, with its failures. Destinations and routes have pages of their own for that.
    const isMarked = until !== undefined && destination === undefined;
    const [{ value: traffic, error }, failed] = await Promise.all([
      attempt(c.var.operator.traffic(options)),
      isMarked
        ? attempt(c.var.operator.listDispatches(failedIn(since, until), { limit: PAGE_ROWS.beside }))
        : undefined,
    ]);
    const again = `/figures${searchQuery({ ...range.search, ...of })}`;
    return c.html(
      <Layout c={c} title="Charts" section={sectionOf(destination, route)} charts>
        <Heading title={route ?? destination ?? "Charts"}>
          <RangeTabs path="/figures" range={range} now={now} more={of} />
        </Heading>
        <div id="figures">
          {error === undefined ? undefined : <ErrorBox error={error} again={again} />}
          {traffic === undefined ? undefined : (
            <Figures traffic={traffic} range={range} destination={destination} route={route} now={now} />
          )}
        </div>
        {failed?.value === undefined || failed.value.items.length === 0 ? undefined : (
          <Panel
            title="Failed in this time"
            id="failed"
            aside={
              <a href={`/dispatches${searchQuery({ ...range.search, status: [...UNHAPPY_STATUSES], of: "finished" })}`}>
                all of them
              </a>
            }
          >
            <DispatchTable dispatches={failed.value.items} now={now} caption="The newest that failed in this time" />
          </Panel>
        )}
      </Layout>,
      error?.status ?? 200,
    );
  });
}

const failedIn = (since: Date, until: Date): DispatchFilter => ({
  status: [...UNHAPPY_STATUSES],
  resultedSince: since,
  resultedUntil: until,
});

const sectionOf = (destination: string | undefined, route: string | undefined) =>
  route !== undefined ? "routes" : destination === undefined ? "overview" : "destinations";

interface FiguresProps {
  traffic: Traffic;
  range: ChartRange;
  destination: string | undefined;
  route: string | undefined;
  now: Date;
}

const Figures = ({ traffic, range, destination, route, now }: FiguresProps) => {
  const flow = flowOf(traffic);
  const total = totalOf(flow);
  const isQuiet = total.emitted + total.delivered + total.failed + traffic.ongoing === 0;
  // The page that shows a range marked in a chart.
  const pick =
    route !== undefined ? routePath(route) : destination === undefined ? "/figures" : destinationPath(destination);
  return (
    <>
      <Totals total={total} ongoing={traffic.ongoing} search={range.search} destination={destination} route={route} />
      {traffic.estimated ? (
        <p class="dim">
          These are estimates: of what its destination got in this time a sample was looked at, spread evenly over it.
        </p>
      ) : undefined}
      {isQuiet ? (
        <Empty title={`Nothing has happened ${range.words}`}>
          {destination === undefined ? (
            <p>
              What producers emit shows here within seconds. <a href="/emit">Emit an event</a>, or see where{" "}
              <a href="/routes">the routes</a> would send one.
            </p>
          ) : undefined}
        </Empty>
      ) : (
        <div class="charts">
          <FlowChart rows={flow} pick={pick} traffic={traffic} now={now} ofOne={destination !== undefined} />
          <LatencyChart rows={flow} pick={pick} traffic={traffic} now={now} />
        </div>
      )}
    </>
  );
};
