import { emit } from "../http-emit.ts";
import { isLoopback } from "../loopback.ts";
import type { GatewayEnv } from "./env.ts";
import { callOwnWorker, ownWorkerOf } from "./own-worker.ts";
import { emitWithOptions, forget, ready, reconcile } from "./stack-routes.ts";

type Handler = (request: Request, env: GatewayEnv) => Promise<Response>;

const ROUTES: Readonly<Record<string, Handler>> = {
  "POST /emit": (request, { EVENTHUB }) => emit(request, EVENTHUB),
  "POST /local/emit": emitWithOptions,
  "POST /local/reconcile": reconcile,
  "POST /local/forget": forget,
  "GET /local/ready": ready,
};

/**
 * The local stack's first Worker, which has the port: programs emit here and the stack's own parts call the hub's Workers, browsers get the
 * console, and the ports of other Workers lead over here to them. It is never deployed. No page of another site reaches what is here: it answers
 * to this machine's own names alone, and gives whatever a browser sends to the console, which looks where it comes from.
 */
export default {
  async fetch(request: Request, env: GatewayEnv): Promise<Response> {
    const worker = ownWorkerOf(request, env);
    // Not caught: wrangler tells what a Worker throws, with its stack.
    if (worker !== undefined) return await callOwnWorker(request, worker);
    if (!isLoopback(request)) return new Response("only at localhost\n", { status: 403 });
    const handler = ROUTES[`${request.method} ${new URL(request.url).pathname}`];
    if (handler === undefined || request.headers.has("Sec-Fetch-Site")) return await showConsole(request, env);
    try {
      return await handler(request, env);
    } catch (error) {
      // In words, not as the page of wrangler's that shows a stack.
      console.error(error);
      return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 });
    }
  },
};

async function showConsole(request: Request, { CONSOLE }: GatewayEnv): Promise<Response> {
  if (CONSOLE !== undefined) return await CONSOLE.fetch(request);
  return new Response("this project has no console; POST /emit takes events\n", { status: 404 });
}
