import { describe, expect, test } from "vitest";
import { DESTINATION_KINDS, type Destination } from "../../../schema/config/destinations/index.ts";
import type { Exporter } from "../../../schema/trace/exporter.ts";
import type { Span } from "../../../schema/trace/span.ts";
import { AttemptSpans } from "../../../workflows/attempt-spans.ts";
import { failed, unbound } from "../../../workflows/outcome.ts";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const AMBIENT = { traceId: "1".repeat(32), spanId: "2".repeat(16), sampled: true };
const row = {
  ...{ id: "01890a5d-ac96-774b-bcce-b302099a8057", event_id: "e", destination: "BILLING", route: "paid" },
  ...{
    attempts: 0,
    emitted_at: new Date(1_000),
    traceparent: TRACE,
    tracestate: null,
    baggage: "user=ada",
    again: false,
  },
};
const record = {
  attempt: 1,
  result: "failed",
  status: "ongoing",
  startedAt: new Date(1_500).toISOString(),
  finishedAt: new Date(1_750).toISOString(),
} as const;

/** The span of an attempt. */
function spanOf(
  destination: Partial<Destination> | undefined,
  more: object = {},
  ambient = undefined as typeof AMBIENT | undefined,
  outcome = failed("card 4711 was refused"),
): Span | undefined {
  const spans: Span[] = [];
  const exporter = { add: (span: Span) => spans.push(span) } as unknown as Exporter;
  const made = new AttemptSpans({ exporter, sampleRate: 1 }, "instance", ambient);
  made.ended(row, { ...record, ...more }, outcome, destination as Destination | undefined);
  return spans[0];
}

describe("the span of an attempt", () => {
  test("has the span kind of the conventions for its kind of destination", () => {
    const kinds = Object.keys(DESTINATION_KINDS).map((kind) => {
      const span = spanOf({
        kind: kind as Destination["kind"],
        ...(kind === "webhook" ? { url: "https://shop.example/hook?key=1" } : {}),
      } as Partial<Destination>);
      return [kind, span?.kind, span?.attributes["messaging.operation.type"], span?.attributes["server.address"]];
    });
    expect(kinds).toEqual([
      ["worker", "consumer", "process", undefined],
      ["r2", "client", "send", undefined],
      ["queue", "client", "send", undefined],
      ["workflow", "client", "send", undefined],
      ["hub", "producer", "send", undefined],
      ["webhook", "client", "send", "shop.example"],
    ]);
    expect(spanOf(undefined)?.kind).toBe("consumer");
  });

  test("has the recorded times, and nothing that a consumer or a producer wrote", () => {
    const span = spanOf({ kind: "worker" });
    expect(span).toMatchObject({ startMs: 1_500, endMs: 1_750, error: true });
    expect(span?.attributes).toMatchObject({ "messaging.cf_eventhub.since_emit_ms": 500, "error.type": "failed" });
    expect(JSON.stringify(span)).not.toMatch(/4711|ada/);
  });

  test("names what the executor lacks", () => {
    const lacking = unbound("the executor has no binding BILLING");
    const span = spanOf({ kind: "worker" }, { result: "misconfigured" }, undefined, lacking);
    expect(span?.error).toBe("the executor has no binding BILLING");
    expect(span?.attributes["error.type"]).toBe("misconfigured");
  });

  test("has no error status if the result is complete or ignored", () => {
    for (const result of ["complete", "ignored"]) {
      const span = spanOf({ kind: "worker" }, { result, status: result });
      expect(span?.error).toBeUndefined();
      expect(span?.attributes["error.type"]).toBeUndefined();
    }
  });

  test("links to the platform's span of the step if there is one", () => {
    expect(spanOf({ kind: "worker" })?.links).toEqual([
      { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", sampled: true },
    ]);
    expect(spanOf({ kind: "worker" }, {}, AMBIENT)?.links).toEqual([
      { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", sampled: true },
      AMBIENT,
    ]);
  });
});
