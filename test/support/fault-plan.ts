import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { NeonEndpointOptions, NeonRequest } from "../../infra/local/neon/endpoint.ts";
import type { Decision, Place } from "../workers/chaos/wire.ts";
import { type DatabaseFault, injectDatabaseFault } from "./inject-database-fault.ts";

/** A fault that will happen at the next chance at its place: once, or `times` times. */
export interface PlannedFault {
  place: Place | "database";
  fault: string;
  /** Default 1. */
  times?: number;
  /** For faults that take time; default 100. */
  ms?: number;
  /** Only for a request to the database with this statement, see {@link import("./statement-text.ts").textOf}. */
  statement?: string;
  /** Only for a request to the database with this text in its parameters, such as the id of a dispatch. */
  about?: string;
}

/** A fault of a plan that has happened. */
export interface Hit {
  place: string;
  fault: string;
}

/** The faults of all test databases: a server to which tests write plans, and which Workers ask for faults. */
export interface FaultPlans {
  url: string;
  intercept: NonNullable<NeonEndpointOptions["intercept"]>;
  stop(): void;
}

export async function startFaultPlans(): Promise<FaultPlans> {
  const plans = new Map<string, PlannedFault[]>();
  const hits = new Map<string, Hit[]>();

  function take(
    database: string,
    place: PlannedFault["place"],
    queries: NeonRequest["queries"] = [],
  ): PlannedFault | undefined {
    const plan = plans.get(database) ?? [];
    const found = plan.find((one) => one.place === place && concerns(one, queries));
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
        return {}; // Workers report this to a campaign
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
      const planned = take(request.database, "database", request.queries);
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

/** Whether a fault is meant for a request with these statements. */
function concerns({ statement, about }: PlannedFault, queries: NeonRequest["queries"]): boolean {
  if (statement === undefined && about === undefined) return true;
  return queries.some(
    ({ query, params }) =>
      (statement === undefined || query === statement) &&
      (about === undefined || params.some((param) => String(param).includes(about))),
  );
}

async function read(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
