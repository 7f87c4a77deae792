import { AlertList } from "../../components/AlertList.tsx";
import { Tabs } from "../../components/Fields.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Panel } from "../../components/Panels.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { PERIODS, periodOf } from "../../forms/filters.ts";
import { DeferredPanel } from "./DeferredPanel.tsx";
import { HealthSummary } from "./HealthSummary.tsx";
import { alertsOf, healthOf } from "./health.ts";

/** Charts change the slower the longer they reach back: after how many seconds they are counted again. */
const REFRESH_SECONDS: Readonly<Record<string, number>> = { "1h": 10, "24h": 60, "7d": 300, "30d": 900 };

/** As often as a chart of a day. */
const DAY_REFRESH_SECONDS = 60;

/** `/`: is it healthy, what is stuck, since when, because of whom. What takes longer to count comes behind it, from `/figures` and `/destinations`. */
export function addOverview(app: ConsoleApp): void {
  app.get("/", async (c) => {
    const now = new Date();
    const period = periodOf(c.req.query("period"));
    const { operator } = c.var;
    const [problems, destinations, operations] = await Promise.all([
      attempt(operator.problems({ since: new Date(now.getTime() - (PERIODS[period] ?? 0) * 1_000) })),
      attempt(operator.listPaused()),
      attempt(operator.listOperations()),
    ]);
    const answers = { problems: problems.value, destinations: destinations.value, operations: operations.value };
    const alerts = alertsOf(answers, now);
    const context = { now, period };
    const error = problems.error ?? destinations.error ?? operations.error;
    return c.html(
      <Layout c={c} title="Overview" section="overview" live={5} charts>
        <h1 class="hidden">Overview</h1>
        <div class="top-line">
          <HealthSummary health={healthOf(answers, alerts)} {...context} />
          <Tabs
            label="Period"
            tabs={Object.keys(PERIODS).map((one) => ({ text: one, href: `/?period=${one}`, current: one === period }))}
          />
        </div>
        {error === undefined ? undefined : <ErrorBox error={error} again={`/?period=${period}`} />}
        {alerts.length === 0 ? undefined : (
          <Panel title="Needs attention" id="attention">
            <AlertList alerts={alerts} {...context} />
            {problems.value?.exact === false ? (
              <p class="dim">
                There is more than could be counted: of the failures the newest, of what is overdue the oldest.
              </p>
            ) : undefined}
          </Panel>
        )}
        <DeferredPanel
          id={`figures-${period}`}
          from={`/figures?period=${period}`}
          part="figures"
          everySeconds={REFRESH_SECONDS[period] ?? DAY_REFRESH_SECONDS}
          text="Charts"
        />
        <DeferredPanel
          id="health"
          from="/destinations"
          part="destinations"
          everySeconds={DAY_REFRESH_SECONDS}
          text="Destinations and their health"
        />
      </Layout>,
      error?.status ?? 200,
    );
  });
}
