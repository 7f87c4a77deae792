import type { EventHub } from "../../schema/contract/index.ts";

/** The bindings of the gateway, which infra/local/workers/gateway.ts sets. */
export interface GatewayEnv {
  EVENTHUB: EventHub;
  EXECUTOR: { reconcile(): Promise<object> };
  OPERATOR: { tick(): Promise<object> };
  /** The Workflow of the executor, whose finished instances are deleted. */
  DISPATCH: Workflow;
  /** Missing if the project has no console. */
  CONSOLE?: { fetch(request: Request): Promise<Response> };
  /** Missing if the project has no metrics Worker. */
  METRICS?: {
    fetch(request: Request): Promise<Response>;
    scheduled(options: { cron: string; scheduledTime: Date }): Promise<{ outcome: string }>;
  };
  /** Proves that a request comes from another Worker's port. */
  GATEWAY_SECRET: string;
  /** The Workers of the project, each as `WORKER_<number>`. */
  [worker: `WORKER_${number}`]: Fetcher;
}
