import { emit } from "../http-emit.ts";
import { refuseStranger } from "./access.ts";
import type { DemoEnv } from "./env.ts";

/** The demo's producer: programs' events come in over HTTP, and go on over RPC. */
export default {
  async fetch(request: Request, env: DemoEnv): Promise<Response> {
    if (`${request.method} ${new URL(request.url).pathname}` !== "POST /emit")
      return new Response("not found\n", { status: 404 });
    try {
      return (await refuseStranger(request, env)) ?? (await emit(request, env.EVENTHUB));
    } catch (error) {
      // In words, not as the page of wrangler's that shows a stack.
      console.error(error);
      return Response.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 });
    }
  },
};
