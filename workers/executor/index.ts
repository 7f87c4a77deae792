import { WorkerEntrypoint } from "cloudflare:workers";
import { configurationOf } from "../../schema/config/worker-configuration.ts";
import { databaseOf } from "../../schema/database/from-environment.ts";
import type { DispatchMessage } from "../../schema/queue/messages.ts";
import { tellMisconfigured } from "../../schema/text/tell-misconfigured.ts";
import { refuseToEmit } from "../../schema/vocabulary/refuse-to-emit.ts";
import { requireBindings } from "../../schema/vocabulary/required-bindings.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";
import { consume } from "./consume/consume.ts";
import { lookAskedBy, lookWhenAsked } from "./reconcile/asked-looks.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import type { Reconciled } from "./reconcile/reconciled.ts";

export { DispatchWorkflow } from "../../workflows/dispatch-workflow.ts";
export type { ExecutorEnv, Reconciled };

/**
 * The executor: consumes the queue, and reconciles Postgres with the Workflow engine when the hub's alarm asks for it, and on its cron. Extend it
 * with the route configuration and export it as the default, beside the {@link DispatchWorkflow}.
 */
export class Executor<Env extends ExecutorEnv = ExecutorEnv> extends WorkerEntrypoint<Env> {
  /** The route configuration as a JSON module. Default: the variable `EVENTHUB_ROUTING`. */
  protected readonly configuration: unknown = undefined;

  static {
    refuseToEmit(Executor.prototype, "emit_at_executor");
  }

  override async queue(batch: MessageBatch<DispatchMessage>): Promise<void> {
    const context = this.#context();
    const look = lookAskedBy(batch);
    // Runs beside the rest: neither waits for the other, nor fails with it.
    const looking = look === undefined ? undefined : lookWhenAsked(context, look);
    await consume(batch, context);
    await looking;
  }

  override async scheduled(controller?: ScheduledController): Promise<void> {
    await reconcile(this.#context(), { cron: controller?.cron });
  }

  /** One run of reconciling, like that of the cron. For a local stack, which has no cron. */
  async reconcile(): Promise<Reconciled> {
    return reconcile(this.#context());
  }

  /** @throws An error that the platform logs. Messages then come again, and so does the next look. */
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
