import { AlertList } from "../../components/AlertList.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Panel } from "../../components/Panels.tsx";
import { PeriodTabs } from "../../components/RangeTabs.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { PERIODS, periodOf } from "../../forms/periods.ts";
import { DeploymentPart } from "../deployment/deployment.tsx";
import { alertsOf, healthOf } from "./attention.ts";
import { DeferredPanel } from "./DeferredPanel.tsx";
import { HealthSummary } from "./HealthSummary.tsx";

/**
 * `/`: whether the hub is healthy, what is stuck, since when, and because of what. Parts that take longer come later, from `/figures` and
 * `/destinations`.
 */
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
    const error = problems.error ?? destinations.error ?? operations.error;
    return c.html(
      <Layout c={c} title="Overview" section="overview" live={REFRESH_SECONDS.overview} charts>
        <h1 class="hidden">Overview</h1>
        <div class="top-line">
          <HealthSummary health={healthOf(answers, alerts)} period={period} now={now} />
          <PeriodTabs path="/" period={period} />
        </div>
        {error === undefined ? undefined : <ErrorBox error={error} again={`/?period=${period}`} />}
        {alerts.length === 0 ? undefined : (
          <Panel title="Needs attention" id="attention">
            <AlertList alerts={alerts} now={now} />
            {problems.value?.exact === false ? (
              <p class="dim">
                There is more than could be counted: these are the newest failures and the oldest overdue dispatches.
              </p>
            ) : undefined}
          </Panel>
        )}
        <DeploymentPart />
        <DeferredPanel
          id={`figures-${period}`}
          from={`/figures?period=${period}`}
          part="figures"
          everySeconds={REFRESH_SECONDS.charts[period] ?? REFRESH_SECONDS.ownCharts}
          text="Charts"
        />
        <DeferredPanel
          id="health"
          from="/destinations"
          part="destinations"
          everySeconds={REFRESH_SECONDS.healthPart}
          text="Destinations and their health"
        />
      </Layout>,
      error?.status ?? 200,
    );
  });
}
