import { WorkerEntrypoint } from "cloudflare:workers";
import type {
  Consumer,
  EmitOptions,
  EmitResult,
  EventHub,
  EventPayload,
  HandleContext,
  HandleOutcome,
} from "../../schema/contract/index.ts";
import { databaseOf } from "../../schema/database/from-environment.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { errorText, log } from "../../schema/text/log.ts";
import { tellMisconfigured } from "../../schema/text/tell-misconfigured.ts";
import { requireBindings } from "../../schema/vocabulary/required-bindings.ts";
import { enqueueCommitted } from "../../workflows/enqueue-committed.ts";
import { routesOf } from "./compiled-routes.ts";
import { type EmitContext, emit } from "./emit/emit.ts";
import { enqueueTogether } from "./emit/enqueue.ts";
import { takeFromAnotherHub } from "./emit/from-another-hub.ts";
import { routePending } from "./emit/route-pending.ts";
import { singleFlight } from "./emit/single-flight.ts";
import type { HubEnv } from "./env.ts";
import type { EventChecker } from "./events/checker.ts";
import { checkerOf } from "./events/defined.ts";
import { tick } from "./operator/tick.ts";
import { operatorContext } from "./operator/worker-context.ts";
import type { CompiledRoutes } from "./routing/index.ts";

export type * from "../../schema/contract/operator.ts";
export { Operator, type OperatorProps } from "./operator/index.ts";
export type { HubEnv };

/**
 * The hub: saves events and enqueues their dispatches. Extend it with the route configuration and export it as the default of its Worker.
 *
 * @example
 * ```ts
 * import { Hub } from "cf-eventhub-workflows/hub";
 * import routing from "./routing.json";
 * export default class extends Hub {
 *   protected override readonly configuration = routing;
 * }
 * ```
 */
export class Hub<Env extends HubEnv = HubEnv> extends WorkerEntrypoint<Env> implements EventHub, Consumer {
  /** The route configuration as a JSON module; left out, the variable `EVENTHUB_ROUTING` holds it. */
  protected readonly configuration: unknown = undefined;

  /** What `defineEvents` gives, by which every event is checked; left out, what the configuration defines, if it does. */
  protected readonly events: unknown = undefined;

  /** See {@link EventHub.emit}. Any object, by its type: two generic signatures of such a check take the compiler minutes to compare. */
  async emit(payload: object, options?: EmitOptions): Promise<EmitResult> {
    return emit(payload, options, this.#context(false));
  }

  /** The hub's cron: routes what was emitted in SQL, and goes on with operators' bulk work that was left half-way. */
  override async scheduled(): Promise<void> {
    const context = tellMisconfigured(() => {
      requireBindings(this.env, "EVENTHUB_QUEUE");
      return operatorContext(this.env, { configuration: this.configuration, events: this.events });
    });
    const ticked = await tick(context);
    if (ticked.routed + ticked.operations > 0) log("info", "hub.ticked", { ...ticked });
  }

  /** Takes an event from another hub, whose destination this one is: complete once it is saved here, once for each dispatch there. */
  async handle(payload: EventPayload, context: HandleContext): Promise<HandleOutcome> {
    return takeFromAnotherHub(payload, context, (event, options, cloudEvents) =>
      emit(event, options, this.#context(cloudEvents)),
    );
  }

  #context(cloudEvents: boolean | undefined): EmitContext {
    return {
      ...tellMisconfigured(() => {
        requireBindings(this.env, "EVENTHUB_QUEUE");
        return { database: databaseOf(this.env) };
      }),
      ...this.#routesAndEvents(),
      routePending: () => this.ctx.waitUntil(singleFlight(this.env.DATABASE_URL, () => this.#routePending())),
      enqueue: (notices) => this.ctx.waitUntil(this.#enqueue(notices)),
      cloudEvents,
    };
  }

  async #enqueue(notices: DispatchNotice[]): Promise<void> {
    await enqueueCommitted(this.env.EVENTHUB_QUEUE, notices, enqueueTogether);
  }

  #routesAndEvents(): { routes: CompiledRoutes; events: EventChecker | undefined } {
    const routes = routesOf(this.configuration, this.env);
    return { routes, events: checkerOf(this.events, routes) };
  }

  /** Beside the answer. */
  async #routePending(): Promise<void> {
    try {
      const routed = await routePending({
        database: databaseOf(this.env),
        ...this.#routesAndEvents(),
        enqueue: (notices) => this.#enqueue(notices),
      });
      if (routed > 0) log("info", "events.routed", { events: routed });
    } catch (error) {
      // The cron, or the next call, looks again.
      log("warn", "events.route_failed", { error: errorText(error) });
    }
  }
}
