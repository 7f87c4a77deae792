import { emit } from "../http-emit.ts";
import { isLoopback } from "../loopback.ts";
import type { GatewayEnv } from "./env.ts";
import { callOwnWorker, ownWorkerOf } from "./own-worker.ts";
import { emitWithOptions, forget, push, ready, reconcile } from "./stack-routes.ts";

type Handler = (request: Request, env: GatewayEnv) => Promise<Response>;

const ROUTES: Readonly<Record<string, Handler>> = {
  "POST /emit": (request, { EVENTHUB }) => emit(request, EVENTHUB),
  "POST /local/emit": emitWithOptions,
  "POST /local/reconcile": reconcile,
  "POST /local/push": push,
  "POST /local/forget": forget,
  "GET /local/ready": ready,
  "GET /metrics": showMetrics,
  "GET /health": showMetrics,
};

/**
 * The local stack's first Worker, which has the port. Programs emit here, the stack's own parts call the hub's Workers here, and browsers get the
 * console. The ports of other Workers also lead here. It is never deployed. No page of another site can reach it: it answers only to this machine's
 * own names, and passes everything that a browser sends to the console, which checks the origin.
 */
export default {
  async fetch(request: Request, env: GatewayEnv): Promise<Response> {
    const worker = ownWorkerOf(request, env);
    // Errors are not caught here: wrangler reports what a Worker throws, with its stack.
    if (worker !== undefined) return await callOwnWorker(request, worker);
    if (!isLoopback(request)) return new Response("only at localhost\n", { status: 403 });
    const handler = ROUTES[`${request.method} ${new URL(request.url).pathname}`];
    if (handler === undefined || request.headers.has("Sec-Fetch-Site")) return await showConsole(request, env);
    try {
      return await handler(request, env);
    } catch (error) {
      // A plain text, instead of wrangler's page with a stack trace.
      console.error(error);
      return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 });
    }
  },
};

async function showMetrics(request: Request, { METRICS }: GatewayEnv): Promise<Response> {
  if (METRICS !== undefined) return await METRICS.fetch(request);
  return new Response("this project has no metrics Worker\n", { status: 404 });
}

async function showConsole(request: Request, { CONSOLE }: GatewayEnv): Promise<Response> {
  if (CONSOLE !== undefined) return await CONSOLE.fetch(request);
  return new Response("this project has no console; POST /emit accepts events\n", { status: 404 });
}
