import { Concerns, VerdictLine } from "../components/Concerns.tsx";
import { Tabs } from "../components/Fields.tsx";
import { Layout } from "../components/Layout.tsx";
import { Panel, ProblemBox } from "../components/Panels.tsx";
import type { ConsoleApp } from "../env.ts";
import { PERIODS, periodOf } from "../view/filters.ts";
import { attempt } from "../view/problem.ts";
import { concernsOf, verdictOf } from "../view/verdict.ts";

/** `/`: is it healthy, what is stuck, since when, because of whom. What takes longer to count comes behind it, from `/figures`. */
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
    const known = { problems: problems.value, destinations: destinations.value, operations: operations.value };
    const concerns = concernsOf(known, now);
    const around = { now, period };
    const problem = problems.problem ?? destinations.problem ?? operations.problem;
    return c.html(
      <Layout c={c} title="Overview" section="overview" live={5} charts>
        <h1 class="hidden">Overview</h1>
        <div class="top-line">
          <VerdictLine verdict={verdictOf(known, concerns)} {...around} />
          <Tabs
            label="Period"
            tabs={Object.keys(PERIODS).map((one) => ({ text: one, href: `/?period=${one}`, current: one === period }))}
          />
        </div>
        {problem === undefined ? undefined : <ProblemBox problem={problem} again={`/?period=${period}`} />}
        {concerns.length === 0 ? undefined : (
          <Panel title="Needs attention" id="attention">
            <Concerns concerns={concerns} {...around} />
            {problems.value?.exact === false ? (
              <p class="dim">
                There is more than could be counted: of the failures the newest, of what is overdue the oldest.
              </p>
            ) : undefined}
          </Panel>
        )}
        <LaterFigures period={period} />
      </Layout>,
      problem?.status ?? 200,
    );
  });
}

/** Counting a month takes longer than the page may: it is asked for when the page is there, and less often. */
const LaterFigures = ({ period }: { period: string }) => (
  <div
    id={`figures-${period}`}
    class="figures"
    hx-get={`/figures?period=${period}`}
    hx-trigger="load, figures"
    hx-select="#figures"
    hx-swap="innerMorph"
    hx-morph-skip=""
  >
    <p class="dim">
      <a href={`/figures?period=${period}`}>Charts, and health by destination</a>
    </p>
  </div>
);
