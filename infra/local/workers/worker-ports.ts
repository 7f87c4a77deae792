import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { createProxyServer } from "httpxy";
import { findFreePort, isPortFree } from "../free-port.ts";
import type { Resources } from "../resources.ts";
import type { Fetchable } from "./gateway.ts";

/** A Worker of the project that answers at a port of its own, as it would under a `wrangler dev` of its own. */
export interface WorkerPort {
  name: string;
  /** `http://localhost:8787`. */
  url: string;
}

/** The ports of Workers that name none, starting at wrangler's own default. */
const RANGE = [8787, 8886] as const;

/**
 * Opens a port for each Worker: `dev.port` of its configuration if that is free, otherwise another. The port forwards to the gateway, with the host,
 * and WebSockets too. `resources` stops what was started.
 */
export async function openWorkerPorts(
  workers: readonly Fetchable[],
  { gateway, secret }: { gateway: string; secret: string },
  resources: Resources,
): Promise<WorkerPort[]> {
  const opened: WorkerPort[] = [];
  for (const { number, file } of workers) {
    const { name, config } = file;
    const server = proxyTo(gateway, `${secret} ${number}`);
    const port = await listen(server, config.dev?.port);
    resources.defer(() => {
      server.close();
      server.closeAllConnections();
    });
    opened.push({ name, url: `http://localhost:${port}` });
  }
  return opened;
}

function proxyTo(target: string, worker: string): Server {
  const proxy = createProxyServer({ target, headers: { "Eventhub-Worker": worker }, proxyTimeout: 0 });
  // The Workers are restarting, or the client has gone.
  proxy.on("error", (_error, _request, response) => {
    if (response === undefined) return;
    if ("writeHead" in response && !response.headersSent) response.writeHead(502).end("the Workers do not answer\n");
    else response.destroy();
  });
  const server = createServer((request, response) => {
    // At wrangler's own addresses, the gateway itself would be called, and not the Worker behind it.
    request.url =
      request.url?.replace(/^\/cdn-cgi\/(handler|local)\/scheduled\b/, "/eventhub-handler/scheduled") ?? "/";
    proxy.web(request, response).catch(() => undefined);
  });
  server.on("upgrade", (request, socket, head) => {
    proxy.ws(request, socket as Socket, {}, head).catch(() => undefined);
  });
  return server;
}

/** How many free ports are tried, one after another. */
const MAX_PORTS = 5;

async function listen(server: Server, wanted: number | undefined): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = wanted !== undefined && (await isPortFree(wanted)) ? wanted : await findFreePort(RANGE);
    try {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      return port;
    } catch (error) {
      // Another start found the same port at the same moment, and was faster.
      if (tries === MAX_PORTS || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}
