import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What a collector does with a request: it accepts it at once or after a while, never answers, or cuts the connection. */
export type Manner = "quick" | "slow" | "hang" | "reset";

/** A collector that reads nothing of what it gets: for campaigns and benchmarks, in which only its behaviour matters. */
export interface BareCollector {
  /** The value for OTLP_ENDPOINT. */
  url: string;
  /** Returns the number of requests since this was last called. */
  requests(): number;
  stop(): Promise<void>;
}

/** The longest time that a slow answer takes, in milliseconds: longer than any client waits. */
const SLOW_MS = 8_000;

/** @param mannerOf Decides what happens to each request. */
export async function startBareCollector(mannerOf: () => Manner): Promise<BareCollector> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const manner = mannerOf();
    request.on("error", () => undefined).resume();
    response.on("error", () => undefined);
    if (manner === "hang") return;
    if (manner === "reset") {
      response.destroy();
      return;
    }
    const take = () => response.writeHead(200, { "content-type": "application/json" }).end("{}");
    if (manner === "quick") request.once("end", take);
    else void sleep(Math.random() * SLOW_MS, undefined, { ref: false }).then(take);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => {
      const since = requests;
      requests = 0;
      return since;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
