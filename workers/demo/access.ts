import { isLoopback } from "../loopback.ts";
import type { DemoEnv } from "./env.ts";

/** On this machine whoever sits at it may use the demo, but no page that their browser shows. */
const NOT_FOR_PAGES = () => new Response("the demo takes events from programs, not from browsers\n", { status: 403 });

/** The refusal of a request that may not use the demo, or `undefined`: deployed, it is on the open Internet and writes to the database. */
export async function refuseStranger(request: Request, { DEMO_TOKEN }: DemoEnv): Promise<Response | undefined> {
  if (isLoopback(request)) return request.headers.has("Sec-Fetch-Site") ? NOT_FOR_PAGES() : undefined;
  const [scheme, token] = request.headers.get("Authorization")?.split(" ") ?? [];
  const known = DEMO_TOKEN !== undefined && DEMO_TOKEN !== "" && scheme?.toLowerCase() === "bearer";
  if (known && (await isSame(token ?? "", DEMO_TOKEN))) return undefined;
  return new Response("the demo asks for Authorization: Bearer <DEMO_TOKEN>\n", {
    status: 401,
    headers: { "WWW-Authenticate": "Bearer" },
  });
}

/** In a time that says nothing of where they differ. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [one, other].map((text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
  );
  return a !== undefined && b !== undefined && crypto.subtle.timingSafeEqual(a, b);
}
