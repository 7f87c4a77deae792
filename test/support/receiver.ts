import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request that the receiver has received. */
export interface Received {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** How the receiver answers one attempt. */
interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Never ends the body. */
  endless?: true;
  /** Never answers. */
  silent?: true;
}

/** An HTTP server that receives webhooks. It answers the n-th attempt of a dispatch as `answers[n - 1]` of the body says, and otherwise with 204. */
export interface Receiver {
  origin: string;
  /** The requests by the id of the dispatch. */
  received: ReadonlyMap<string, readonly Received[]>;
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const received = new Map<string, Received[]>();
  const server = createServer((request, response) => {
    const at = Date.now();
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const id = String(request.headers["webhook-id"]);
      const attempts = [...(received.get(id) ?? []), { path: request.url, headers: request.headers, body, at }];
      received.set(id, attempts);
      const answers: Answer[] = JSON.parse(body).answers ?? [];
      answerWith(response, answers[Math.min(attempts.length, answers.length) - 1] ?? {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answerWith(response: ServerResponse, { status = 204, headers = {}, endless, silent }: Answer): void {
  if (silent) return;
  response.writeHead(status, headers);
  if (!endless) {
    response.end();
    return;
  }
  const chunk = "x".repeat(64 * 1024);
  const timer = setInterval(() => response.write(chunk), 5);
  response.on("close", () => clearInterval(timer));
}
