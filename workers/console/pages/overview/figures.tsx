import type { Traffic } from "../../../../schema/contract/operator.ts";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Heading } from "../../components/Panels.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { BUCKETS, sinceOf } from "../../format/buckets.ts";
import { PERIOD_WORDS, PERIODS, periodOf } from "../../forms/filters.ts";
import { FlowChart, LatencyChart } from "./Charts.tsx";
import { flowOf, totalOf } from "./chart.ts";
import { Totals } from "./Totals.tsx";

/** `/figures`: what came in, what went out, how long it took, by time. The overview fetches it; it is a page as well. */
export function addFigures(app: ConsoleApp): void {
  app.get("/figures", async (c) => {
    const now = new Date();
    const period = periodOf(c.req.query("period"));
    const [seconds, bucket] = [PERIODS[period] ?? 0, BUCKETS[period] ?? 0];
    const options = { since: sinceOf(seconds, bucket, now), bucket };
    const { value: traffic, error } = await attempt(c.var.operator.traffic(options));
    return c.html(
      <Layout c={c} title="Charts" section="overview" charts>
        <Heading title={`The last ${PERIOD_WORDS[period]}`} />
        <div id="figures">
          {error === undefined ? undefined : <ErrorBox error={error} again={`/figures?period=${period}`} />}
          {traffic === undefined ? undefined : <Figures traffic={traffic} period={period} />}
        </div>
      </Layout>,
      // As a part of the overview too, it says itself what is missing.
      c.req.header("HX-Request") === undefined ? (error?.status ?? 200) : 200,
    );
  });
}

const Figures = ({ traffic, period }: { traffic: Traffic; period: string }) => {
  const flow = flowOf(traffic);
  const total = totalOf(flow);
  const isQuiet = total.emitted + total.delivered + total.failed + traffic.ongoing === 0;
  return (
    <>
      <Totals total={total} ongoing={traffic.ongoing} period={period} />
      {isQuiet ? (
        <Empty title={`Nothing has happened in the last ${PERIOD_WORDS[period]}`}>
          <p>
            What producers emit shows here within seconds. <a href="/emit">Emit an event</a>, or see where{" "}
            <a href="/routes">the routes</a> would send one.
          </p>
        </Empty>
      ) : (
        <div class="charts">
          <FlowChart rows={flow} />
          <LatencyChart latency={traffic.latency} rows={flow} />
        </div>
      )}
    </>
  );
};
