import type { Route, RouteConfig } from "../../../../schema/config/routes.ts";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { Field } from "../../components/Fields.tsx";
import { Json } from "../../components/Json.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, Facts, Heading, Panel, ProblemBox } from "../../components/Panels.tsx";
import { PayloadField } from "../../components/PayloadField.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type Problem } from "../../errors/call-error.ts";
import { count, delayWords, many, oneLine } from "../../format/text.ts";
import { duration } from "../../format/time.ts";
import { parseJson } from "../../forms/json-text.ts";
import { formOf } from "../../forms/posted-form.ts";
import { Explanation } from "./Explanation.tsx";

/** Routes shown at once: a configuration may have 10,000. */
const MAX_SHOWN = 100;

/** `/routes`: the configuration as it is deployed, and what it says of a payload. */
export function addRoutes(app: ConsoleApp): void {
  app.get("/routes", async (c) => {
    const id = c.req.query("event");
    if (id === undefined || id === "") return routesPage(c, { text: "" });
    const event = await c.var.operator.getEvent(id);
    if (event.payload === null)
      return routesPage(c, { text: "", fault: "The payload of that event has been removed by retention." });
    return explained(c, JSON.stringify(event.payload, null, 2), event.payload, id);
  });

  app.post("/routes", async (c) => {
    const text = (await formOf(c)).get("payload");
    const parsed = parseJson(text);
    if (parsed.fault !== undefined) return routesPage(c, { text, fault: parsed.fault, line: parsed.line });
    return explained(c, text, parsed.value);
  });
}

interface Asked {
  text: string;
  fault?: string | undefined;
  line?: number | undefined;
  problem?: Problem | undefined;
  answer?: Awaited<ReturnType<ConsoleContext["var"]["operator"]["explain"]>> | undefined;
  event?: string | undefined;
}

async function explained(c: ConsoleContext, text: string, value: unknown, event?: string) {
  const { value: answer, problem } = await attempt(c.var.operator.explain(value));
  const isPayload = problem !== undefined && problem.status === 400;
  return routesPage(c, {
    text,
    event,
    ...(problem === undefined
      ? { answer }
      : isPayload
        ? { fault: `[${problem.code}] ${problem.message}` }
        : { problem }),
  });
}

async function routesPage(c: ConsoleContext, asked: Asked) {
  const config = await attempt(c.var.operator.getConfiguration());
  return c.html(
    <Layout c={c} title="Routes" section="routes">
      <Heading title="Routes" />
      <div class="split even">
        <Panel title="Where would this go?" id="tester">
          {asked.event === undefined ? undefined : (
            <p>
              The payload of <a href={`/events/${asked.event}`}>event {asked.event.slice(-8)}</a>, by the routes as they
              are now:
            </p>
          )}
          <form method="post" action="/routes">
            <PayloadField text={asked.text} fault={asked.fault} line={asked.line} />
            <span class="submit">
              <button type="submit" class="button primary">
                Explain
              </button>
              <span class="dim">Nothing is emitted.</span>
            </span>
          </form>
        </Panel>
        <Panel title="What the routes say" id="answer">
          {asked.problem === undefined ? undefined : <ProblemBox problem={asked.problem} />}
          {asked.answer === undefined ? (
            <p class="dim">
              Paste a payload: each route tells whether it matches, and if not, which condition was in the way and what
              it found.
            </p>
          ) : (
            <Explanation routes={asked.answer} />
          )}
        </Panel>
      </div>
      {config.problem ? (
        <ProblemBox problem={config.problem} again="/routes" />
      ) : (
        <Configuration config={config.value} q={c.req.query("q") ?? ""} />
      )}
    </Layout>,
    asked.fault === undefined ? (asked.problem?.status ?? config.problem?.status ?? 200) : 400,
  );
}

const Configuration = ({ config, q }: { config: RouteConfig; q: string }) => {
  const named = config.routes.map((route, index) => ({ route, name: route.name ?? `routes[${index}]` }));
  const wanted = q.toLowerCase();
  const found = named.filter(({ route, name }) => `${name} ${route.destination}`.toLowerCase().includes(wanted));
  return (
    <Panel title={`As deployed: ${many(config.routes.length, "route")}`} id="configuration">
      <Facts
        facts={[
          ["Retries", count(config.defaultMaxRetries)],
          ["Retry delay", delayWords(config.defaultRetryDelay)],
          ["Timeout", `${config.defaultTimeoutSeconds} s`],
          ["Lost after", duration(config.lostAfterSeconds * 1_000)],
          ["Retention", config.retention === undefined ? "for ever" : retentionOf(config)],
        ]}
      />
      {named.length > 10 ? (
        <form class="filters" action="/routes">
          <Field name="q" label="Name or destination contains" value={q} />
          <button type="submit" class="button">
            Find
          </button>
        </form>
      ) : undefined}
      {found.length === 0 ? (
        <Empty title={named.length === 0 ? "There are no routes" : "No route has that in its name"}>
          <p>Every event that is emitted is kept; without a route it goes nowhere.</p>
        </Empty>
      ) : (
        <ul class="routes">
          {found.slice(0, MAX_SHOWN).map(({ route, name }) => (
            <RouteItem route={route} name={name} open={found.length === 1} />
          ))}
        </ul>
      )}
      {found.length > MAX_SHOWN ? (
        <p class="dim">
          The first {MAX_SHOWN} of {count(found.length)}.
        </p>
      ) : undefined}
    </Panel>
  );
};

const RouteItem = ({ route, name, open }: { route: Route; name: string; open: boolean }) => {
  const { condition, destination, enabled, name: _, ...settings } = route;
  const own = [
    settings.delaySeconds === undefined ? undefined : `after ${duration(settings.delaySeconds * 1_000)}`,
    settings.maxRetries === undefined ? undefined : many(settings.maxRetries, "retry", "retries"),
    settings.retryDelay === undefined ? undefined : delayWords(settings.retryDelay),
    settings.timeoutSeconds === undefined ? undefined : `${settings.timeoutSeconds} s a call`,
    settings.transform === undefined ? undefined : `transform ${oneLine(settings.transform, 120)}`,
  ].filter((text) => text !== undefined);
  return (
    <li>
      <details class="fold" {...(open ? { open: true } : {})}>
        <summary>
          <b>{name}</b> <span class="dim">to</span> {destination}
          {enabled ? undefined : <span class="tag">switched off</span>}
          {own.map((text) => (
            <span class="tag">{text}</span>
          ))}
          {condition === undefined ? <span class="tag">every event</span> : undefined}
        </summary>
        {condition === undefined ? (
          <p class="dim">It has no condition: every event goes there.</p>
        ) : (
          <Json value={condition as unknown as JsonValue} raw="/routes" />
        )}
      </details>
    </li>
  );
};

function retentionOf({ retention }: RouteConfig): string {
  const { payloadDays, rowDays } = retention ?? {};
  const parts = [
    payloadDays === undefined ? undefined : `payloads ${many(payloadDays, "day")}`,
    rowDays === undefined ? undefined : `rows ${many(rowDays, "day")}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ") || "for ever";
}
