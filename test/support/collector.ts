import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "./eventually.ts";
import { type ReceivedMetric, type ReceivedSpan, readOtlp, readOtlpMetrics } from "./otlp.ts";

/** How a collector answers: it accepts spans, rejects some, answers another status, never answers, never ends its answer, or redirects. */
export type CollectorMood = "well" | "partial" | "unavailable" | "silent" | "endless" | "elsewhere";

/** The metrics of one request. */
interface Push {
  resource: Record<string, string | number>;
  metrics: ReceivedMetric[];
}

/** An OTLP receiver: an HTTP server that accepts traces and metrics like a collector, and is strict. */
export interface Collector {
  origin: string;
  mood: CollectorMood;
  /** Every span that it has accepted. */
  spans: readonly ReceivedSpan[];
  /** The metrics that it has accepted. */
  pushes: readonly Push[];
  /** Every request that has arrived, however it was answered, with its number of spans or values. */
  requests: readonly ReceivedRequest[];
  /** Errors about bodies that are not OTLP. */
  faults: readonly string[];
  /** Waits for this many spans of a trace. */
  spansOf(traceId: string, count: number): Promise<ReceivedSpan[]>;
  close(): void;
}

interface ReceivedRequest {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  items: number;
  bytes: number;
}

export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const pushes: Push[] = [];
  const requests: ReceivedRequest[] = [];
  const faults: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const { url: path, headers } = request;
      const received = read(path, body, faults);
      const items = received.spans.length + received.pushes.reduce((sum, { metrics }) => sum + pointsOf(metrics), 0);
      requests.push({ path, headers, items, bytes: Buffer.byteLength(body) });
      if (["well", "endless"].includes(collector.mood)) {
        spans.push(...received.spans);
        pushes.push(...received.pushes);
      }
      answer(response, collector.mood, items);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const collector: Collector = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: "well",
    spans,
    pushes,
    requests,
    faults,
    spansOf: (traceId, count) =>
      eventually(async () => {
        const found = spans.filter((span) => span.traceId === traceId);
        return found.length >= count ? found : undefined;
      }, `the collector has ${count} spans of the trace ${traceId}`),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return collector;
}

function read(path: string | undefined, body: string, faults: string[]): { spans: ReceivedSpan[]; pushes: Push[] } {
  try {
    if (path === "/v1/metrics") return { spans: [], pushes: [readOtlpMetrics(body)] };
    return { spans: readOtlp(body), pushes: [] };
  } catch (error) {
    faults.push(String(error));
    return { spans: [], pushes: [] };
  }
}

/** The number of values in the metrics. */
const pointsOf = (metrics: readonly ReceivedMetric[]): number =>
  metrics.reduce((sum, { sum: total, gauge, histogram }) => {
    return sum + ((total ?? gauge ?? histogram)?.dataPoints.length ?? 0);
  }, 0);

function answer(response: ServerResponse, mood: CollectorMood, items: number): void {
  const json = { "content-type": "application/json" };
  switch (mood) {
    case "silent":
      return;
    case "unavailable":
      response.writeHead(503, { "retry-after": "1" }).end();
      return;
    case "elsewhere":
      response.writeHead(307, { location: "http://127.0.0.1:9/v1/traces" }).end();
      return;
    case "endless": {
      response.writeHead(200, json);
      const timer = setInterval(() => response.write("x".repeat(64 * 1024)), 5);
      response.on("close", () => clearInterval(timer));
      return;
    }
    case "partial":
      response
        .writeHead(200, json)
        // A sender of metrics reads one of these counts, a sender of spans the other.
        .end(
          JSON.stringify({
            partialSuccess: { rejectedSpans: `${items}`, rejectedDataPoints: `${items}`, errorMessage: "no room" },
          }),
        );
      return;
    case "well":
      response.writeHead(200, json).end("{}");
  }
}
