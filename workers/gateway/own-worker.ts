import type { GatewayEnv } from "./env.ts";

/** In this header, the port of a Worker names the Worker: `<secret> <number>`. */
const HEADER = "Eventhub-Worker";
/** Used instead of `/cdn-cgi/handler/`, which workerd would apply to the gateway itself. */
const HANDLERS = "/eventhub-handler/";

/** The Worker at whose port a request came in; `undefined` for the gateway's own port. */
export function ownWorkerOf(request: Request, env: GatewayEnv): Fetcher | undefined {
  const [secret, number] = request.headers.get(HEADER)?.split(" ") ?? [];
  return secret === env.GATEWAY_SECRET ? env[`WORKER_${Number(number)}`] : undefined;
}

/** Passes a request to its Worker, as it would have come in without the gateway. */
export async function callOwnWorker(request: Request, worker: Fetcher): Promise<Response> {
  const url = new URL(request.url);
  if (url.pathname === `${HANDLERS}scheduled`) return await runCron(url, worker);
  const headers = new Headers(request.headers);
  headers.delete(HEADER);
  return await worker.fetch(new Request(request, { headers, redirect: "manual" }));
}

/** Runs a cron as `wrangler dev` does for a Worker that has a port: `/cdn-cgi/handler/scheduled?cron=*+*+*+*+*&time=<milliseconds>`. */
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
