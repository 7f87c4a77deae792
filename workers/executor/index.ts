import { WorkerEntrypoint } from "cloudflare:workers";
import { configurationOf } from "../../schema/config/source.ts";
import { databaseOf } from "../../schema/database/from-environment.ts";
import type { DispatchMessage } from "../../schema/queue/messages.ts";
import { tellMisconfigured } from "../../schema/text/tell-misconfigured.ts";
import { refuseToEmit } from "../../schema/vocabulary/refuse-to-emit.ts";
import { requireBindings } from "../../schema/vocabulary/required-bindings.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";
import { consume } from "./consume/consume.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import type { Reconciled } from "./reconcile/reconciled.ts";

export { DispatchWorkflow } from "../../workflows/dispatch.ts";
export type { ExecutorEnv, Reconciled };

/**
 * The executor: consumes the queue, and reconciles Postgres against the Workflow engine on its cron. Extend it with the route configuration
 * and export it as the default, beside the {@link DispatchWorkflow}.
 */
export class Executor<Env extends ExecutorEnv = ExecutorEnv> extends WorkerEntrypoint<Env> {
  /** The route configuration as a JSON module; left out, the variable `EVENTHUB_ROUTING` holds it. */
  protected readonly configuration: unknown = undefined;

  static {
    refuseToEmit(Executor.prototype, "emit_at_executor");
  }

  override async queue(batch: MessageBatch<DispatchMessage>): Promise<void> {
    await consume(batch, this.#context());
  }

  override async scheduled(): Promise<void> {
    await this.reconcile();
  }

  /** One run of reconciling, as the cron does it; for a local stack, which has no cron. */
  async reconcile(): Promise<Reconciled> {
    return reconcile(this.#context());
  }

  /** @throws What the platform logs: messages come again, and the next cron too. */
  #context() {
    return tellMisconfigured(() => {
      requireBindings(this.env, "EVENTHUB_QUEUE", "DISPATCH");
      return {
        env: this.env,
        database: databaseOf(this.env),
        config: configurationOf(this.configuration, this.env),
      };
    });
  }
}
