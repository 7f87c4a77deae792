import type { EventHub } from "../../schema/contract.ts";

/** The demo Worker's bindings. */
export interface DemoEnv {
  EVENTHUB: EventHub;
  /** The executor; for the local stack, which has no cron. */
  EXECUTOR: { reconcile(): Promise<object> };
  /** The executor's Workflow; for the local stack, which has to delete what has finished. */
  DISPATCH: Workflow;
  /** For the page. */
  DATABASE_URL: string;
  DATABASE_ENDPOINT?: string;
}
