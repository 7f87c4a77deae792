import { WorkerEntrypoint } from "cloudflare:workers";
import { configurationSource } from "../../schema/configuration.ts";
import type {
  Consumer,
  EmitOptions,
  EmitResult,
  EventHub,
  EventPayload,
  HandleContext,
  HandleOutcome,
} from "../../schema/contract.ts";
import { openDatabase } from "../../schema/database.ts";
import { errorText, log } from "../../workflows/log.ts";
import { type EmitContext, emit } from "./emit.ts";
import { EmitError } from "./emit-error.ts";
import { enqueueTogether } from "./enqueue.ts";
import type { HubEnv } from "./env.ts";
import { MAX_HOPS } from "./hops.ts";
import { type CompiledRoutes, compileRoutes, RouteConfigError } from "./routing/index.ts";

export type { HubEnv };

/** Compiled once an isolate for each configuration; a faulty one is refused each time with its faults. */
const compiled = new Map<unknown, CompiledRoutes>();

/**
 * The hub: saves events and enqueues their dispatches. Extend it with the route configuration and export it as the default of its Worker.
 *
 * @example
 * ```ts
 * import { Hub } from "cf-eventhub/hub";
 * import routing from "./routing.json";
 * export default class extends Hub {
 *   protected override readonly configuration = routing;
 * }
 * ```
 */
export class Hub<Env extends HubEnv = HubEnv> extends WorkerEntrypoint<Env> implements EventHub, Consumer {
  /** The route configuration as a JSON module; left out, the variable `EVENTHUB_ROUTING` holds it. */
  protected readonly configuration: unknown = undefined;

  /** See {@link EventHub.emit}. */
  async emit(payload: EventPayload | readonly EventPayload[], options?: EmitOptions): Promise<EmitResult> {
    return emit(payload, options, this.#context(0));
  }

  /** Takes an event from another hub, whose destination this one is: complete once it is saved here, once for each dispatch there. */
  async handle(payload: EventPayload, context: HandleContext): Promise<HandleOutcome> {
    const hops = context.hops + 1;
    if (!(hops <= MAX_HOPS)) {
      return { result: "failed", retry: false, reason: `the event has passed ${context.hops} hubs: a loop of hubs` };
    }
    const { idempotencyKey, traceparent } = context;
    const options = {
      idempotencyKey: `handle:${idempotencyKey}`,
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    const { events } = await emit(payload, options, this.#context(hops));
    return { result: "complete", reason: `event ${events[0]?.id}` };
  }

  #context(hops: number): EmitContext {
    const { DATABASE_URL: url, DATABASE_ENDPOINT: endpoint } = this.env;
    return {
      routes: this.#routes(),
      database: openDatabase({ url, endpoint }),
      enqueue: (notices) => this.ctx.waitUntil(this.#enqueue(notices)),
      hops,
    };
  }

  /** After the commit, and not the caller's concern: what the queue refuses, reconciling finds in Postgres. */
  async #enqueue(notices: Parameters<EmitContext["enqueue"]>[0]): Promise<void> {
    try {
      await enqueueTogether(this.env.EVENTHUB_QUEUE, notices);
    } catch (error) {
      log("warn", "enqueue.failed", { dispatches: notices.length, error: errorText(error) });
    }
  }

  #routes(): CompiledRoutes {
    const key = this.configuration ?? this.env.EVENTHUB_ROUTING;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    try {
      const routes = compileRoutes(configurationSource(this.configuration, this.env.EVENTHUB_ROUTING));
      compiled.set(key, routes);
      return routes;
    } catch (cause) {
      log("error", "configuration.refused", {
        error: cause instanceof RouteConfigError ? cause.message : errorText(cause),
      });
      throw new EmitError("misconfigured", cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }
}
