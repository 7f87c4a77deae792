import type { EmitOptions, EmitResult, EventPayload } from "../../../../schema/contract/index.ts";
import { Field } from "../../components/Fields.tsx";
import { EventId, Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Heading, Panel } from "../../components/Panels.tsx";
import { PayloadField } from "../../components/PayloadField.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { many } from "../../format/amounts.ts";
import { numberOf } from "../../forms/number-of.ts";
import { parseJson } from "../../forms/parse-json.ts";
import { formOf } from "../../forms/posted-form.ts";

/** The most events shown of one call. */
const MAX_SHOWN = 50;

/** `/emit`: creates an event, as a producer would. */
export function addEmit(app: ConsoleApp): void {
  app.get("/emit", async (c) => {
    const example = c.req.query("payload");
    if (example !== undefined) return emitPage(c, { typed: { payload: example } });
    const from = c.req.query("event");
    const payload = from === undefined || from === "" ? null : (await c.var.operator.getEvent(from)).payload;
    return emitPage(c, { typed: payload === null ? {} : { payload: JSON.stringify(payload, null, 2) } });
  });

  app.post("/emit", async (c) => {
    const form = await formOf(c);
    const typed = form.all;
    const hub = c.env.EVENTHUB;
    if (hub === undefined) return emitPage(c, { typed });
    const parsed = parseJson(typed.payload ?? "");
    if (parsed.fault !== undefined) return emitPage(c, { typed, fault: parsed.fault, line: parsed.line });
    const [delay, at, once] = [form.get("delaySeconds"), form.get("deliverAt"), form.get("once")];
    const key = form.get("idempotencyKey") || (once && `console ${once}`);
    const options: EmitOptions = {
      ...(key === "" ? {} : { idempotencyKey: key }),
      ...(delay === "" ? {} : { delaySeconds: numberOf(delay) }),
      ...(at === "" ? {} : { deliverAt: `${at}Z` }),
    };
    // The hub itself checks the content of the JSON.
    const emitted = await attempt(hub.emit(parsed.value as EventPayload, options));
    if (emitted.error === undefined) return emitPage(c, { typed, emitted: emitted.value });
    const { code, message } = emitted.error;
    if (code === "invalid_payload" || code === "invalid_event" || code === "too_large")
      return emitPage(c, { typed, fault: `[${code}] ${message}` });
    return emitPage(c, { typed, error: emitted.error });
  });
}

interface EmitPage {
  typed: Readonly<Record<string, string>>;
  fault?: string;
  line?: number | undefined;
  error?: CallError;
  emitted?: EmitResult;
}

function emitPage(c: ConsoleContext, { typed, fault, line, error, emitted }: EmitPage) {
  const text = (name: string) => typed[name] ?? "";
  // A form emits once, however often it is sent: after a reload, or again because an answer was lost.
  const once = emitted === undefined && typed.once ? typed.once : crypto.randomUUID();
  return c.html(
    <Layout c={c} title="Emit an event" section="emit">
      <Heading title="Emit an event" />
      {c.env.EVENTHUB === undefined ? (
        <Empty title="The console cannot emit here">
          <p>Bind the hub to the console's Worker like a producer, and deploy the console:</p>
          <pre tabindex={0}>{'"services": [{ "binding": "EVENTHUB", "service": "eventhub-hub" }]'}</pre>
        </Empty>
      ) : (
        <>
          {emitted === undefined ? undefined : <Emitted result={emitted} />}
          {error === undefined ? undefined : <ErrorBox error={error} />}
          <div class="split">
            <form method="post" action="/emit" class="panel stack">
              <input type="hidden" name="once" value={once} />
              <PayloadField text={text("payload")} fault={fault} line={line} />
              <div class="filters">
                <Field
                  name="idempotencyKey"
                  label="Idempotency key"
                  value={text("idempotencyKey")}
                  placeholder="stored once for each"
                />
                <Field
                  name="delaySeconds"
                  label="Delay in seconds"
                  value={text("delaySeconds")}
                  placeholder="as the routes say"
                />
                <Field name="deliverAt" label="or deliver at (UTC)" type="datetime-local" value={text("deliverAt")} />
              </div>
              <span class="submit">
                <button type="submit" class="button primary">
                  Emit
                </button>
                <button type="submit" class="button" formaction="/routes">
                  Only show where it would go
                </button>
              </span>
            </form>
            <HowItGoes />
          </div>
        </>
      )}
    </Layout>,
    fault === undefined ? (error?.status ?? 200) : 400,
  );
}

/** Explains emitting to somebody who does it for the first time. */
const HowItGoes = () => (
  <Panel title="What happens then" id="how">
    <ol class="steps">
      <li>The event is stored, with a dispatch for each route that matches it. Both or neither.</li>
      <li>It is delivered like any other: consumers cannot tell that it came from here.</li>
      <li>
        With an idempotency key it is stored once, however often it is emitted: the second time tells the first one's
        ids.
      </li>
    </ol>
    <p class="dim">A producer's Worker, which binds the hub, does the same with:</p>
    <pre class="sample" tabindex={0}>
      {'await env.EVENTHUB.emit(\n  { kind: "order.paid", id: 17 },\n  { idempotencyKey: "order-17" },\n);'}
    </pre>
  </Panel>
);

const Emitted = ({ result }: { result: EmitResult }) => (
  <Panel title={`Emitted ${many(result.events.length, "event")}`} id="emitted">
    <ul class="differ" role="status">
      {result.events.slice(0, MAX_SHOWN).map(({ id, duplicate, dispatches }) => (
        <li>
          <EventId id={id} row /> {duplicate ? <span class="tag">stored before under this key</span> : undefined}{" "}
          {dispatches.length === 0 ? (
            <>
              no route matched: <a href={`/routes?event=${id}`}>why?</a>
            </>
          ) : (
            dispatches.map((dispatch) => (
              <span class="tag">
                {dispatch.destination} <Id id={dispatch.id} href={`/dispatches/${dispatch.id}`} />
              </span>
            ))
          )}
        </li>
      ))}
    </ul>
  </Panel>
);
