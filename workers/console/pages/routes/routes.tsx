import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Heading, Panel } from "../../components/Panels.tsx";
import { PayloadField } from "../../components/PayloadField.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { shortId } from "../../format/amounts.ts";
import { parseJson } from "../../forms/parse-json.ts";
import { formOf } from "../../forms/posted-form.ts";
import { Configuration } from "./Configuration.tsx";
import { Explanation } from "./Explanation.tsx";

/** `/routes`: the configuration as deployed, and its explanation for a payload. */
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
  error?: CallError | undefined;
  answer?: Awaited<ReturnType<ConsoleContext["var"]["operator"]["explain"]>> | undefined;
  event?: string | undefined;
}

async function explained(c: ConsoleContext, text: string, value: unknown, event?: string) {
  const { value: answer, error } = await attempt(c.var.operator.explain(value));
  const isPayload = error !== undefined && error.status === 400;
  return routesPage(c, {
    text,
    event,
    ...(error === undefined ? { answer } : isPayload ? { fault: `[${error.code}] ${error.message}` } : { error }),
  });
}

async function routesPage(c: ConsoleContext, asked: Asked) {
  const { operator } = c.var;
  const [config, health] = await Promise.all([attempt(operator.getConfiguration()), attempt(operator.routeHealth())]);
  return c.html(
    <Layout c={c} title="Routes" section="routes">
      <Heading title="Routes" />
      <div class="split even">
        <Panel title="Where would this go?" id="tester">
          {asked.event === undefined ? undefined : (
            <p>
              The payload of <a href={`/events/${asked.event}`}>event {shortId(asked.event)}</a>, by the routes as they
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
        <Panel title="Result for each route" id="answer">
          {asked.error === undefined ? undefined : <ErrorBox error={asked.error} />}
          {asked.answer === undefined ? (
            <p class="dim">
              Paste a payload: each route shows whether it matches and, if not, which condition failed and what it
              found.
            </p>
          ) : (
            <Explanation routes={asked.answer} />
          )}
        </Panel>
      </div>
      {config.error ? (
        <ErrorBox error={config.error} again="/routes" />
      ) : (
        <Configuration
          config={config.value}
          health={health.value ?? []}
          q={c.req.query("q") ?? ""}
          page={pageOf(c.req.query("page"))}
        />
      )}
    </Layout>,
    asked.fault === undefined ? (asked.error?.status ?? config.error?.status ?? 200) : 400,
  );
}

/** The page in the URL. The first one if that is not a number. */
const pageOf = (text: string | undefined): number => Math.max(1, Math.floor(Number(text)) || 1);
