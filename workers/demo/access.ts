import { hasBearerToken } from "../bearer-token.ts";
import { isLoopback } from "../loopback.ts";
import type { DemoEnv } from "./env.ts";

/** On this machine, anybody who sits at it may use the demo, but pages in their browser may not. */
const NOT_FOR_PAGES = () => new Response("the demo accepts events from programs, not from browsers\n", { status: 403 });

/** The refusal of a request that may not use the demo, or `undefined`. A deployed demo is on the open Internet and writes to the database. */
export async function refuseStranger(request: Request, { DEMO_TOKEN }: DemoEnv): Promise<Response | undefined> {
  if (isLoopback(request)) return request.headers.has("Sec-Fetch-Site") ? NOT_FOR_PAGES() : undefined;
  if (DEMO_TOKEN !== undefined && DEMO_TOKEN !== "" && (await hasBearerToken(request, DEMO_TOKEN))) return undefined;
  return new Response("the demo requires Authorization: Bearer <DEMO_TOKEN>\n", {
    status: 401,
    headers: { "WWW-Authenticate": "Bearer" },
  });
}
