import { Layout } from "../../components/Layout.tsx";
import { Empty, Heading, Panel } from "../../components/Panels.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { BUCKETS, sinceOf } from "../../format/buckets.ts";
import { many } from "../../format/text.ts";
import { DestinationTable, SAMPLE_NOTE } from "./DestinationTable.tsx";

const DAY_SECONDS = 86_400;
const PERIOD = "24h";

/** All results of a day are counted for the list: it is refreshed less often than the others. */
const LIST_LIVE_SECONDS = 15;

/** `/destinations`: how each does. */
export function addDestinations(app: ConsoleApp): void {
  app.get("/destinations", async (c) => {
    const now = new Date();
    const bucket = BUCKETS[PERIOD] ?? DAY_SECONDS;
    const [destinations, stats] = await Promise.all([
      c.var.operator.listDestinations(),
      attempt(c.var.operator.stats({ since: sinceOf(DAY_SECONDS, bucket, now), bucket })),
    ]);
    return c.html(
      <Layout c={c} title="Destinations" section="destinations" live={LIST_LIVE_SECONDS}>
        <Heading title="Destinations" />
        <Panel
          title="Health in the last 24 hours"
          id="destinations"
          aside={<a href="/destinations">{many(destinations.length, "destination")}</a>}
        >
          {destinations.length === 0 ? (
            <Empty title="No route leads anywhere yet">
              <p>
                Add routes to the configuration and deploy the hub, then <a href="/routes">try a payload on them</a>.
              </p>
            </Empty>
          ) : (
            <>
              <DestinationTable destinations={destinations} stats={stats.value} now={now} />
              <p class="dim">{SAMPLE_NOTE}</p>
            </>
          )}
        </Panel>
      </Layout>,
    );
  });
}
