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
import { log } from "../../schema/text/log.ts";
import { tellMisconfigured } from "../../schema/text/tell-misconfigured.ts";
import { annotate, platformSpan } from "../../schema/trace/platform-span.ts";
import { tracingOf } from "../../schema/trace/tracing.ts";
import { requireBindings } from "../../schema/vocabulary/required-bindings.ts";
import { enqueueCommitted } from "../../workflows/enqueue-committed.ts";
import { armAfterCommit, watchCommit } from "./alarm/arming.ts";
import { routesOf } from "./compiled-routes.ts";
import { type EmitContext, emit } from "./emit/emit.ts";
import { EmitTrace } from "./emit/emit-span.ts";
import { enqueueTogether } from "./emit/enqueue.ts";
import { takeFromAnotherHub } from "./emit/from-another-hub.ts";
import { pokeEvents } from "./emit/poke.ts";
import type { RoutePendingContext } from "./emit/route-pending.ts";
import { singleFlight } from "./emit/single-flight.ts";
import type { HubEnv } from "./env.ts";
import type { EventChecker } from "./events/checker.ts";
import { checkerOf } from "./events/checker-of-hub.ts";
import { tick } from "./operator/tick.ts";
import { operatorContext } from "./operator/worker-context.ts";
import type { CompiledRoutes } from "./routing/index.ts";

export type * from "../../schema/contract/catalogue.ts";
export type * from "../../schema/contract/deployment.ts";
export type * from "../../schema/contract/find.ts";
export type * from "../../schema/contract/flow.ts";
export type * from "../../schema/contract/invalid.ts";
export type * from "../../schema/contract/operations.ts";
export type * from "../../schema/contract/operator.ts";
export type * from "../../schema/contract/problems.ts";
export type * from "../../schema/contract/tail.ts";
export type { HealthRules } from "../../schema/vocabulary/destination-states.ts";
export { Alarm } from "./alarm/alarm.ts";
export { Operator, type OperatorProps } from "./operator/index.ts";
export type { FailedComparator, RouteExplanation } from "./routing/types.ts";
export type { HubEnv };

/** How long the span of a call waits for spans of other calls in its isolate, so that they are sent together. In milliseconds. */
const SPANS_TOGETHER_MS = 500;

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
  /** The route configuration as a JSON module. Default: the variable `EVENTHUB_ROUTING`. */
  protected readonly configuration: unknown = undefined;

  /** The result of `defineEvents`, with which every event is checked. Default: the definitions of the configuration, if it has any. */
  protected readonly events: unknown = undefined;

  /** See {@link EventHub.emit}. Takes any object: to compare two generic signatures of the payload's type, the compiler would need minutes. */
  async emit(payload: object, options?: EmitOptions): Promise<EmitResult> {
    return this.#emit(payload, options, false);
  }

  /** See {@link EventHub.poke}. */
  async poke(): Promise<void> {
    await this.#routePending(this.#context(undefined));
  }

  /** The hub's cron: routes what was emitted in SQL, and continues unfinished bulk work of operators. */
  override async scheduled(controller?: ScheduledController): Promise<void> {
    const context = tellMisconfigured(() => {
      requireBindings(this.env, "EVENTHUB_QUEUE");
      return operatorContext(this.env, { configuration: this.configuration, events: this.events });
    });
    const ticked = await tick(context, controller?.cron);
    if (ticked.routed + ticked.operations === 0) return;
    log("info", "hub.ticked", { ...ticked });
    await armAfterCommit(this.env);
  }

  /** Takes an event from another hub that has this one as a destination. It is complete once it is saved here, once for each dispatch there. */
  async handle(payload: EventPayload, context: HandleContext): Promise<HandleOutcome> {
    return takeFromAnotherHub(payload, context, (event, options, cloudEvents) =>
      this.#emit(event, options, cloudEvents),
    );
  }

  async #emit(payload: object, options: EmitOptions | undefined, cloudEvents: boolean | undefined) {
    const context = this.#context(cloudEvents);
    const tracing = tracingOf("hub", this.env);
    if (tracing === undefined) return emit(payload, options, context);
    const trace = new EmitTrace(tracing, platformSpan(this.ctx));
    try {
      return await emit(payload, options, { ...context, trace });
    } finally {
      this.ctx.waitUntil(tracing.exporter.send(SPANS_TOGETHER_MS));
    }
  }

  #context(cloudEvents: boolean | undefined): EmitContext {
    const known = {
      ...tellMisconfigured(() => {
        requireBindings(this.env, "EVENTHUB_QUEUE");
        return { database: databaseOf(this.env) };
      }),
      ...this.#routesAndEvents(),
    };
    // A failure is already logged, and the next call or the next look tries again.
    const route = () => this.#routePending(known).catch(() => undefined);
    return {
      ...known,
      annotate: (attributes) => annotate(this.ctx, attributes),
      routePending: () => this.ctx.waitUntil(singleFlight(this.env.DATABASE_URL, route)),
      enqueue: (notices) => this.ctx.waitUntil(this.#enqueue(notices)),
      watch: (dispatches) => watchCommit(this.env, dispatches),
      keep: (work) => this.ctx.waitUntil(work),
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

  /** Routes what was emitted in SQL, and arms a look after it. @throws EmitError, which is already logged */
  async #routePending({ database, routes, events }: Omit<RoutePendingContext, "enqueue">): Promise<void> {
    const armed = armAfterCommit(this.env);
    try {
      await pokeEvents({ database, routes, events, enqueue: (notices) => this.#enqueue(notices) });
    } finally {
      await armed;
    }
  }
}
