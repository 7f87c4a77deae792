import { Layout } from "../../components/Layout.tsx";
import { Empty, Heading, Panel } from "../../components/Panels.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { many } from "../../format/amounts.ts";
import { BUCKETS, sinceOf } from "../../format/buckets.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { DestinationFilters } from "./DestinationFilters.tsx";
import { DestinationTable, SAMPLE_NOTE } from "./DestinationTable.tsx";
import { destinationsPath, listOf, readDestinationSearch } from "./destination-list.ts";

const DAY_SECONDS = 86_400;
const PERIOD = "24h";

/** For so few destinations, a filter would only take room. */
const FEW = 5;

/** `/destinations`: the health of each destination, the worst first. */
export function addDestinations(app: ConsoleApp): void {
  app.get("/destinations", async (c) => {
    const now = new Date();
    const bucket = BUCKETS[PERIOD] ?? DAY_SECONDS;
    const [destinations, stats] = await Promise.all([
      c.var.operator.listDestinations(),
      attempt(c.var.operator.stats({ since: sinceOf(DAY_SECONDS, bucket, now), bucket })),
    ]);
    const search = readDestinationSearch(c.req.query());
    const { shown, idle } = listOf(destinations, search);
    return c.html(
      <Layout c={c} title="Destinations" section="destinations" live={REFRESH_SECONDS.destinations}>
        <Heading title="Destinations">
          <details class="menu">
            <summary class="button">Export</summary>
            <div class="menu-body">
              <p class="dim">The state and the health of each destination, idle ones too.</p>
              {(["csv", "json"] as const).map((format) => (
                <a class="button" href={`/destinations.${format}`} download>
                  {format.toUpperCase()}
                </a>
              ))}
            </div>
          </details>
        </Heading>
        {destinations.length > FEW ? <DestinationFilters search={search} destinations={destinations} /> : undefined}
        <Panel
          title="Health in the last 24 hours"
          id="destinations"
          aside={<a href="/destinations?idle=yes">{many(destinations.length, "destination")}</a>}
        >
          {destinations.length === 0 ? (
            <Empty title="No route leads anywhere yet">
              <p>
                Add routes to the configuration and deploy the hub, then <a href="/routes">try a payload on them</a>.
              </p>
            </Empty>
          ) : (
            <>
              {shown.length === 0 ? (
                <p class="dim">{idle === 0 ? "None is like that." : "None has done anything for a day."}</p>
              ) : (
                <DestinationTable destinations={shown} stats={stats.value} now={now} search={search} />
              )}
              <p class="dim">
                {idle === 0 ? undefined : (
                  <>
                    <a href={destinationsPath(search, { idle: true })}>{many(idle, "idle one")}</a> not shown.{" "}
                  </>
                )}
                {SAMPLE_NOTE}
              </p>
            </>
          )}
        </Panel>
      </Layout>,
    );
  });
}
