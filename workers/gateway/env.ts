import type { EventHub } from "../../schema/contract/index.ts";

/** What the gateway calls: infra/local/workers/gateway.ts binds it. */
export interface GatewayEnv {
  EVENTHUB: EventHub;
  EXECUTOR: { reconcile(): Promise<object> };
  OPERATOR: { tick(): Promise<object> };
  /** The Workflow of the executor, whose instances are deleted when they have finished. */
  DISPATCH: Workflow;
  /** There is none where a project has no console. */
  CONSOLE?: { fetch(request: Request): Promise<Response> };
  /** What proves that a request comes from a port of a Worker's own. */
  GATEWAY_SECRET: string;
  /** The Workers of the project, each under `WORKER_<number>`. */
  [worker: `WORKER_${number}`]: Fetcher;
}
