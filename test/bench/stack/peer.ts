import routing from "../../workers/bench/routing.json" with { type: "json" };
import { destinations } from "./ours.ts";
import type { Backend } from "./start-backend.ts";
import { makeSystem, type System } from "./system.ts";
import { startWorkers } from "./wrangler.ts";

const queue = { binding: "EVENTHUB_QUEUE", queue: "eventhub-queue" };

/**
 * The npm package `cf-eventhub` 0.3.5 with its Postgres repository. The example of the package leaves its queue consumer at the defaults (locally 5
 * messages per batch, after a second of waiting). Here it gets the settings of ours, so that it neither waits longer nor starts more often.
 */
export async function startPeer(directory: string, backend: Backend): Promise<System> {
  const { defaultRetryDelay, routes } = routing;
  const bindings = new Set(destinations(false).map(({ binding }) => binding));
  // Leaves out the routes that only our hub can serve, since the peer would try every route in turn.
  const EVENTHUB_ROUTING = {
    defaultRetryDelay,
    routes: routes.filter(({ destination }) => bindings.has(destination)),
  };
  const vars = { EVENTHUB_DSN: backend.peerUrl };
  const compatibility_flags = ["nodejs_compat"];
  const dev = await startWorkers(directory, [
    {
      name: "producer",
      main: "producer.ts",
      vars: { SYSTEM: "peer" },
      services: [
        { binding: "EVENTHUB", service: "hub" },
        { binding: "EXECUTOR", service: "executor" },
        { binding: "CONSUMERS", service: "consumers" },
      ],
    },
    {
      name: "hub",
      main: "peer-hub.ts",
      compatibility_flags,
      vars: { ...vars, EVENTHUB_ROUTING },
      queues: { producers: [queue] },
    },
    {
      name: "executor",
      main: "peer-executor.ts",
      compatibility_flags,
      vars,
      queues: { consumers: [{ queue: queue.queue, max_batch_size: 100, max_batch_timeout: 0, max_retries: 10 }] },
      services: destinations(false),
    },
    { name: "consumers", main: "consumers.ts" },
  ]);
  return makeSystem("peer", dev, backend.peerUrl, {
    progress: `
      select /* bench */ count(*)::int as done, (count(*) filter (where result = 'complete'))::int as complete, max(resulted_at) as last
      from eventhub.dispatch_results where resulted_at >= $1`,
    empty: "truncate eventhub.events, eventhub.dispatches, eventhub.dispatch_executions, eventhub.dispatch_results",
  });
}
