import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MAX_NEON_BYTES } from "../../../schema/vocabulary/platform-limits.ts";
import { PortTakenError } from "../port-taken.ts";
import { errorAnswer, type NeonAnswer, plainError } from "./answer.ts";
import { NeonDatabases } from "./database.ts";
import { type NeonRequest, parseRequest } from "./request.ts";

export type { NeonAnswer } from "./answer.ts";
export type { NeonRequest } from "./request.ts";

/** The answer of an interceptor that makes the client's connection die. */
export const HANG_UP = "hang up";

/** The options of the endpoint. */
export interface NeonEndpointOptions {
  /** The Postgres server. A request's own connection string names the database and the user, but never the host. */
  postgresUrl: string;
  /** Default: a free one. */
  port?: number;
  /** Default `127.0.0.1`. */
  host?: string;
  /** Called with every valid request. */
  onRequest?: (request: NeonRequest) => void;
  /**
   * Runs between a request and its execution, to test failures. `next` executes the request: before it, nothing has happened in the database; after
   * it, everything has. The answer may be another one, late, or {@link HANG_UP}.
   */
  intercept?: (request: NeonRequest, next: () => Promise<NeonAnswer>) => Promise<NeonAnswer | typeof HANG_UP>;
}

/** A running endpoint. */
export interface NeonEndpoint {
  /** For `neonConfig.fetchEndpoint`. */
  url: string;
  port: number;
  /** The number of valid requests so far, for all databases. */
  readonly requests: number;
  /** The number of valid requests so far, for each database; also as JSON at `GET /stats`. */
  readonly requestsByDatabase: Readonly<Record<string, number>>;
  /** Stops listening, and closes the connections on both sides. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts an HTTP server with the `/sql` protocol of Neon's serverless driver, in front of any Postgres.
 *
 * @throws {PortTakenError} If something else listens on the port.
 */
export async function startNeonEndpoint(options: NeonEndpointOptions): Promise<NeonEndpoint> {
  const { postgresUrl, port = 0, host = "127.0.0.1", onRequest, intercept = (_, next) => next() } = options;
  const databases = new NeonDatabases(postgresUrl);
  const counts: Record<string, number> = {};
  const stats = () => ({ requests: Object.values(counts).reduce((sum, n) => sum + n, 0), databases: { ...counts } });

  async function answer(message: IncomingMessage, signal: AbortSignal): Promise<NeonAnswer | typeof HANG_UP> {
    if (message.method === "GET" && message.url === "/stats") return { status: 200, body: JSON.stringify(stats()) };
    if (message.method !== "POST" || message.url !== "/sql")
      return plainError(404, "this is a Neon endpoint: POST /sql");
    try {
      const body = await readBody(message);
      if (body === undefined) return plainError(413, `request is too large (max is ${MAX_NEON_BYTES} bytes)`);
      const request = parseRequest(message.headers, body);
      counts[request.database] = (counts[request.database] ?? 0) + 1;
      onRequest?.(request);
      return await intercept(request, () => databases.run(request, signal));
    } catch (error) {
      return errorAnswer(error, "request");
    }
  }

  const server = createServer((message, response) => {
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort(new Error("the client hung up"));
    });
    void answer(message, gone.signal).then((result) => send(response, result));
  });
  // Clients keep connections for their next request, so closing an idle one could collide with that request.
  server.keepAliveTimeout = 0;

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortTakenError(port, error) : error),
    );
    server.listen(port, host, resolve);
  });
  const listening = (server.address() as AddressInfo).port;

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await databases.end();
  }
  return {
    url: `http://${host}:${listening}/sql`,
    port: listening,
    get requests() {
      return stats().requests;
    },
    get requestsByDatabase() {
      return stats().databases;
    },
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // If the loop ends early, it must not close the connection: the answer still has to use it.
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_NEON_BYTES) {
      message.resume();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, answer: NeonAnswer | typeof HANG_UP): void {
  if (response.destroyed) return;
  if (answer === HANG_UP) {
    response.destroy();
    return;
  }
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "content-length": body.length,
    ...answer.headers,
  });
  response.end(body);
}
