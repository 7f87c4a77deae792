import { emit } from "../http-emit.ts";
import { refuseStranger } from "./access.ts";
import type { DemoEnv } from "./env.ts";

/** The demo's producer. It takes events from programs over HTTP, and passes them on over RPC. */
export default {
  async fetch(request: Request, env: DemoEnv): Promise<Response> {
    if (`${request.method} ${new URL(request.url).pathname}` !== "POST /emit")
      return new Response("not found\n", { status: 404 });
    try {
      return (await refuseStranger(request, env)) ?? (await emit(request, env.EVENTHUB));
    } catch (error) {
      // A plain text, instead of wrangler's page with a stack trace.
      console.error(error);
      return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 });
    }
  },
};
