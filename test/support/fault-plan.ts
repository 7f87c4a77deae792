import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { NeonEndpointOptions, NeonRequest } from "../../infra/local/neon/endpoint.ts";
import type { Decision, Place } from "../workers/chaos/wire.ts";
import { type DatabaseFault, injectDatabaseFault } from "./database-fault.ts";

/** A fault that is to happen: once at its place, or `times` times, at the next chance. */
export interface PlannedFault {
  place: Place | "database";
  fault: string;
  /** Default 1. */
  times?: number;
  /** For faults that take their time; default 100. */
  ms?: number;
  /** Only for a request of the database that holds these texts (with | between them), in its statements or their parameters. */
  match?: string;
}

/** What has happened of a plan. */
export interface Hit {
  place: string;
  fault: string;
}

/** The faults of all test databases: a server where tests write plans, and Workers ask what is to go wrong. */
export interface FaultPlans {
  url: string;
  intercept: NonNullable<NeonEndpointOptions["intercept"]>;
  stop(): void;
}

export async function startFaultPlans(): Promise<FaultPlans> {
  const plans = new Map<string, PlannedFault[]>();
  const hits = new Map<string, Hit[]>();

  function take(database: string, place: PlannedFault["place"], text = ""): PlannedFault | undefined {
    const plan = plans.get(database) ?? [];
    const found = plan.find((one) => one.place === place && holds(text, one.match));
    if (found === undefined) return undefined;
    found.times = (found.times ?? 1) - 1;
    if (found.times === 0) plan.splice(plan.indexOf(found), 1);
    hits.set(database, [...(hits.get(database) ?? []), { place, fault: found.fault }]);
    return found;
  }

  function answer(path: string, body: unknown): unknown {
    const [, database = "", what] = path.split("/");
    switch (what) {
      case "plan":
        plans.set(database, [...(plans.get(database) ?? []), ...(body as PlannedFault[])]);
        return {};
      case "clear":
        plans.delete(database);
        hits.delete(database);
        return {};
      case "hits":
        return hits.get(database) ?? [];
      case "decide": {
        const planned = take(database, (body as { place: Place }).place);
        return { fault: planned?.fault ?? null, ms: planned?.ms ?? 100 } satisfies Decision;
      }
      default:
        return {}; // what the Workers tell a campaign
    }
  }

  const server = createServer((message, response) => {
    void read(message).then(
      (body) => response.end(JSON.stringify(answer(message.url ?? "", body))),
      () => response.writeHead(400).end(),
    );
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    intercept: async (request, next) => {
      const planned = take(request.database, "database", textOf(request));
      return planned === undefined
        ? next()
        : injectDatabaseFault(planned.fault as DatabaseFault, next, planned.ms ?? 100);
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const holds = (text: string, match = "") => match.split("|").every((part) => text.includes(part));

const textOf = ({ queries }: NeonRequest) =>
  queries.map(({ query, params }) => [query, ...params].join("\n")).join("\n");

async function read(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
