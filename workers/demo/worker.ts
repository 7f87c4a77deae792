import { isLoopback } from "../loopback.ts";
import { refuseStranger } from "./access.ts";
import { emit } from "./emit.ts";
import type { DemoEnv } from "./env.ts";
import { forget, ready, reconcile } from "./local.ts";

type Handler = (request: Request, env: DemoEnv) => Promise<Response>;

const ROUTES: Readonly<Record<string, Handler>> = { "POST /emit": emit };

/** For the local stack's own parts: not there by any name but this machine's own, whatever the Worker is bound to. */
const LOCAL_ROUTES: Readonly<Record<string, Handler>> = {
  "POST /local/reconcile": reconcile,
  "POST /local/forget": forget,
  "GET /local/ready": ready,
};

/**
 * The demo's producer: programs' events come in over HTTP and go on over RPC. In the local stack it has the console's port as well, and gives on
 * whatever a browser sends: no page of another site reaches what is here.
 */
export default {
  async fetch(request: Request, env: DemoEnv): Promise<Response> {
    const local = isLoopback(request);
    const path = `${request.method} ${new URL(request.url).pathname}`;
    const handler = ROUTES[path] ?? (local ? LOCAL_ROUTES[path] : undefined);
    const forConsole = handler === undefined || request.headers.has("Sec-Fetch-Site");
    if (forConsole && env.CONSOLE !== undefined && local) return await env.CONSOLE.fetch(request);
    if (handler === undefined) return new Response("not found\n", { status: 404 });
    try {
      const refusal = await refuseStranger(request, env);
      if (refusal !== undefined) return refusal;
      return await handler(request, env);
    } catch (error) {
      // In words, not as the page of wrangler's that shows a stack.
      console.error(error);
      return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 });
    }
  },
};
