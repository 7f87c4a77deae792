import type { GatewayEnv } from "./env.ts";

/** In this header a port of a Worker's own says whose it is: `<secret> <number>`. */
const HEADER = "Eventhub-Worker";
/** In place of `/cdn-cgi/handler/`, which workerd would take for the gateway itself. */
const HANDLERS = "/eventhub-handler/";

/** The Worker whose port a request came in at; `undefined` at the gateway's own. */
export function ownWorkerOf(request: Request, env: GatewayEnv): Fetcher | undefined {
  const [secret, number] = request.headers.get(HEADER)?.split(" ") ?? [];
  return secret === env.GATEWAY_SECRET ? env[`WORKER_${Number(number)}`] : undefined;
}

/** Gives a request on to the Worker that it is for, as it would have come in without the gateway. */
export async function callOwnWorker(request: Request, worker: Fetcher): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === `${HANDLERS}scheduled`) return await runCron(url, worker);
  const headers = new Headers(request.headers);
  headers.delete(HEADER);
  return await worker.fetch(new Request(request, { headers, redirect: "manual" }));
}

/** As `wrangler dev` does for a Worker that has a port: `/cdn-cgi/handler/scheduled?cron=*+*+*+*+*&time=<milliseconds>`. */
async function runCron({ searchParams }: URL, worker: Fetcher): Promise<Response> {
  const { scheduled } = worker as unknown as {
    scheduled(options: { cron: string; scheduledTime: Date }): Promise<{ outcome: string }>;
  };
  const time = searchParams.get("time");
  const { outcome } = await scheduled.call(worker, {
    cron: searchParams.get("cron") ?? "",
    scheduledTime: time === null ? new Date() : new Date(Number(time)),
  });
  return new Response(`${outcome}\n`, { status: outcome === "ok" ? 200 : 500 });
}
