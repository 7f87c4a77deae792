import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Arrived, Asked, CallEnd, CallStart, Decision, Place } from "../workers/chaos/wire.ts";
import type { Journal } from "./journal.ts";
import type { Random } from "./random.ts";

/** How often each fault happens by itself, as a share of 1. */
const RATES: Record<Place, Record<string, number>> = {
  "queue.send": { drop: 0.03, double: 0.05, delay: 0.05, refuse: 0.03, "refuse after": 0.02, garble: 0.02 },
  "queue.consume": { "twice at once": 0.05, "die before the acks": 0.03, "die at once": 0.03, lose: 0.02 },
  "instances.create": { "429": 0.03, empty: 0.02, "false success": 0.02, late: 0.02 },
  "instances.get": { "not found": 0.02, error: 0.02 },
  // Never by itself while an instance runs: only a restart can bring another version.
  "workflow.version": {},
  alarm: { lose: 0.05 },
  "alarm.done": { lose: 0.05 },
  consumer: { gone: 0.005 },
  destination: { refuse: 0.03, "refuse after": 0.03, late: 0.01, hang: 0.01 },
};

/** The campaign's HTTP server. Workers ask it which fault to play, and report to it what they do. */
export interface Control {
  url: string;
  /** While false, nothing goes wrong by itself. */
  enabled: boolean;
  /** A storm: at a place with an entry, everything fails in this way. */
  readonly storms: Map<Place, string>;
  /** What goes wrong next at each place, one fault after another. */
  readonly planned: Map<Place, string[]>;
  /** Adds faults to those that are planned. */
  plan(place: Place, ...faults: string[]): void;
  /** Instances that the engine was asked for (`<binding>/<id>`), with the time. The sweep removes them. */
  readonly instances: Map<string, number>;
  stop(): Promise<void>;
}

export async function startControl(journal: Journal, random: Random): Promise<Control> {
  const server = createServer((message, response) => {
    void read(message)
      .then((body) => answer(message.url ?? "", body))
      .then(
        (result) => response.end(JSON.stringify(result ?? {})),
        () => response.writeHead(400).end(),
      );
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const control: Control = {
    url: `http://127.0.0.1:${port}`,
    enabled: true,
    storms: new Map(),
    planned: new Map(),
    plan: (place, ...faults) => control.planned.set(place, [...(control.planned.get(place) ?? []), ...faults]),
    instances: new Map(),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };

  function answer(path: string, body: unknown): unknown {
    switch (path) {
      case "/decide":
        return decide((body as { place: Place }).place);
      case "/call/start":
        return journal.startCall(body as CallStart);
      case "/call/end":
        return journal.endCall(body as CallEnd);
      case "/arrival":
        return journal.arrivals.push(body as Arrived);
      case "/instances":
        for (const instance of (body as Asked).instances) control.instances.set(instance, Date.now());
        return undefined;
      default:
        throw new Error(`nothing at ${path}`);
    }
  }

  function decide(place: Place): Decision {
    const meant = control.planned.get(place)?.shift() ?? control.storms.get(place);
    const fault = meant ?? (control.enabled ? random.pick(RATES[place]) : undefined) ?? null;
    if (fault !== null && place !== "workflow.version") journal.count(`${place}: ${fault}`);
    return { fault, ms: random.integer(1_000, 6_000) };
  }

  return control;
}

async function read(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
