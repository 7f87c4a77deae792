import type { RouteHealth } from "../../../../schema/contract/operator.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { RangeTabs } from "../../components/RangeTabs.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { type ChartRange, chartRangeOf } from "../../format/buckets.ts";
import { PAGE_ROWS } from "../../format/page-rows.ts";
import { destinationPath, routePath } from "../../format/paths.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { searchQuery } from "../../forms/filters.ts";
import { DeferredPanel } from "../overview/DeferredPanel.tsx";
import { Condition, failedPath, HealthLine, type NamedRoute, settingsOf } from "./RouteFacts.tsx";

/** `/routes/:name`: a route, its condition, its health, and its dispatches. */
export function addRoute(app: ConsoleApp): void {
  app.get("/routes/:name", async (c) => {
    const name = c.req.param("name");
    const config = await c.var.operator.getConfiguration();
    const index = config.routes.findIndex((route, index) => (route.name ?? `routes[${index}]`) === name);
    const route = config.routes[index];
    return route === undefined ? unknownRoutePage(c, name) : routePage(c, { name, route });
  });
}

async function routePage(c: ConsoleContext, { name, route }: NamedRoute) {
  const now = new Date();
  const { operator } = c.var;
  const { destination } = route;
  const range = chartRangeOf(c.req.query(), now);
  const within = range.until === undefined ? {} : { since: range.since, until: range.until };
  const [health, latest] = await Promise.all([
    attempt(operator.routeHealth({ destination })),
    attempt(operator.listDispatches({ destination, route: name, ...within }, { limit: PAGE_ROWS.beside })),
  ]);
  const own = health.value?.find((one) => one.route === name);
  return c.html(
    <Layout c={c} title={name} section="routes" live={REFRESH_SECONDS.route} charts>
      <Heading title={name}>
        <a class="button" href={failedPath(name)}>
          Failed in the last 24 hours
        </a>
      </Heading>
      <Facts facts={factsOf({ name, route }, health.error === undefined ? own : null)} />
      <div class="top-line">
        <h2>What went in and out</h2>
        <RangeTabs path={routePath(name)} range={range} now={now} />
      </div>
      <DeferredPanel
        id={`figures-${Object.values(range.search).join("-")}`}
        from={`/figures${searchQuery({ ...range.search, destination, route: name })}`}
        part="figures"
        everySeconds={REFRESH_SECONDS.ownCharts}
        text="Charts"
      />
      <Panel title="Which events it takes" id="condition">
        <Condition route={route} />
      </Panel>
      <Latest name={name} range={range} dispatches={latest.value?.items ?? []} now={now} />
    </Layout>,
  );
}

type Listed = Parameters<typeof DispatchTable>[0]["dispatches"];

const Latest = ({
  name,
  range,
  dispatches,
  now,
}: {
  name: string;
  range: ChartRange;
  dispatches: Listed;
  now: Date;
}) => {
  const isMarked = range.until !== undefined;
  return (
    <Panel
      title={isMarked ? "Dispatches of this time" : "Latest dispatches"}
      id="latest"
      aside={<a href={`/dispatches${searchQuery({ ...(isMarked ? range.search : {}), route: name })}`}>all of them</a>}
    >
      {dispatches.length === 0 ? (
        <p class="dim">None among the newest of its destination.</p>
      ) : (
        <DispatchTable dispatches={dispatches} now={now} caption="Its latest dispatches" />
      )}
    </Panel>
  );
};

/** @param health `null` if it could not be read */
function factsOf({ route }: NamedRoute, health: RouteHealth | null | undefined) {
  const settings = settingsOf(route);
  return [
    ["To", <a href={destinationPath(route.destination)}>{route.destination}</a>],
    [
      "Last 24 hours",
      health === null ? "could not be asked" : health === undefined ? "nothing ended" : <HealthLine health={health} />,
    ],
    ["Takes", route.from === "hub" ? "the hub's own events" : "what producers emit"],
    ["Of its own", settings.length === 0 ? "nothing: the defaults hold" : settings.join(", ")],
    ...(route.enabled ? [] : [["State", "switched off: it takes no event"] as const]),
  ] as const;
}

/** The page of an unknown route. A dispatch keeps the name of its route, even if that is no longer configured. */
function unknownRoutePage(c: ConsoleContext, name: string) {
  return c.html(
    <Layout c={c} title="No such route" section="routes">
      <Heading title="No such route" />
      <Empty title={`The configuration has no route ${name}`}>
        <p>
          <a href={`/dispatches${searchQuery({ route: name })}`}>Its dispatches</a>, if it once had some, or{" "}
          <a href="/routes">all routes</a>.
        </p>
      </Empty>
    </Layout>,
    404,
  );
}
