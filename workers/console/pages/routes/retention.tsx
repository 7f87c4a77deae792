import type { RouteConfig } from "../../../../schema/config/routes.ts";
import type { Traffic } from "../../../../schema/contract/operator.ts";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { Minute, ZoneName } from "../../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { count, many } from "../../format/amounts.ts";

const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1_000;

/** How many days it looks ahead. */
const DAYS = 14;

/** `/retention`: what will be removed when, by the time at which it was emitted. */
export function addRetention(app: ConsoleApp): void {
  app.get("/retention", async (c) => {
    const now = new Date();
    const config = await attempt(c.var.operator.getConfiguration());
    const { payloadDays, rowDays } = config.value?.retention ?? {};
    const [payloads, rows] = await Promise.all([emittedThen(c, payloadDays, now), emittedThen(c, rowDays, now)]);
    const error = config.error ?? payloads?.error ?? rows?.error;
    return c.html(
      <Layout c={c} title="Retention" section="routes">
        <Heading title="Retention" />
        {error === undefined ? (
          <Preview config={config.value} payloads={payloads?.value} rows={rows?.value} now={now} />
        ) : (
          <ErrorBox error={error} again="/retention" />
        )}
      </Layout>,
      error?.status ?? 200,
    );
  });
}

/** The events emitted on each of the days whose retention ends within the next days; `undefined` if nothing is removed. */
async function emittedThen(c: ConsoleContext, days: number | undefined, now: Date) {
  if (days === undefined) return undefined;
  const since = new Date(now.getTime() - days * DAY_MS);
  const until = new Date(Math.min(now.getTime(), since.getTime() + DAYS * DAY_MS));
  return await attempt(c.var.operator.traffic({ since, until, bucket: DAY_SECONDS }));
}

interface PreviewProps {
  config: RouteConfig | undefined;
  payloads: Traffic | undefined;
  rows: Traffic | undefined;
  now: Date;
}

const Preview = ({ config, payloads, rows, now }: PreviewProps) => {
  const { payloadDays, rowDays } = config?.retention ?? {};
  if (payloadDays === undefined && rowDays === undefined) {
    return (
      <Empty title="Everything is kept for ever">
        <p>
          Set <code>retention</code> in the route configuration to have payloads or whole events removed after so many
          days. The executor does it, a bounded number at a time, and this page tells what goes when.
        </p>
        <pre tabindex={0}>{'"retention": { "payloadDays": 30, "rowDays": 90 }'}</pre>
      </Empty>
    );
  }
  const goes = (traffic: Traffic | undefined, day: number) =>
    traffic === undefined ? "–" : count(traffic.emitted[day]?.events ?? 0);
  return (
    <div class="split even">
      <Panel title={`What goes in the next ${many(DAYS, "day")}`} id="retention">
        <table class="rows compact">
          <thead>
            <tr>
              <th>
                Until (<ZoneName />)
              </th>
              <th class="num">Payloads of events</th>
              <th class="num">Whole events</th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: DAYS }, (_, day) => (
              <tr>
                <td>
                  <Minute at={new Date(now.getTime() + (day + 1) * DAY_MS)} />
                </td>
                <td class="num">{goes(payloads, day)}</td>
                <td class="num">{goes(rows, day)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title="As configured" id="kept">
        <Facts
          facts={[
            ["Payloads go", payloadDays === undefined ? "never" : `after ${many(payloadDays, "day")}`],
            [
              "Events go",
              rowDays === undefined ? "never" : `after ${many(rowDays, "day")}, with all that belongs to them`,
            ],
            ["What stays", "what is ongoing, and what has ended later than that"],
            ["How", "the executor removes what is due when it looks, a bounded number at a time"],
          ]}
        />
      </Panel>
    </div>
  );
};
