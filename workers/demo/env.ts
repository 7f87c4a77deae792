import type { EventHub } from "../../schema/contract/index.ts";
import type { EnvOf } from "../../schema/vocabulary/settings.ts";

/** The demo Worker's settings and bindings; those of the local stack stand in infra/local/bindings.ts. */
export type DemoEnv = EnvOf<
  "demo",
  {
    EVENTHUB: EventHub;
    EXECUTOR: { reconcile(): Promise<object> };
    OPERATOR: { tick(): Promise<object> };
    DISPATCH: Workflow;
    CONSOLE: { fetch(request: Request): Promise<Response> };
  }
>;
