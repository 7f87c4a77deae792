import type { EventHub } from "../../schema/contract/index.ts";

/** The demo Worker's bindings. Deployed, it has the first and the last one; those of the local stack stand in infra/local/bindings.ts. */
export interface DemoEnv {
  EVENTHUB: EventHub;
  /** The executor; for the local stack, which has no cron. */
  EXECUTOR?: { reconcile(): Promise<object> };
  /** The hub's entrypoint for operators; for the local stack, which has no cron. */
  OPERATOR?: { tick(): Promise<object> };
  /** The executor's Workflow; for the local stack, which has to delete what has finished. */
  DISPATCH?: Workflow;
  /** The console; for the local stack, in which the demo has the port of both. */
  CONSOLE?: { fetch(request: Request): Promise<Response> };
  /** What callers of the deployed demo must show: `Authorization: Bearer <token>` (a secret). Without it the deployed demo answers nobody. */
  DEMO_TOKEN?: string;
}
