import { WorkerEntrypoint } from "cloudflare:workers";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type {
  ActionOptions,
  BulkOptions,
  DestinationState,
  DispatchDetail,
  DispatchesDryRun,
  DispatchFilter,
  DispatchSummary,
  EventDetail,
  EventFilter,
  ListedEvent,
  Moment,
  Operation,
  Page,
  PageOptions,
  PausedDestination,
  Problems,
  ReplayDryRun,
  ReplayOptions,
  RetryManyOptions,
  RetryOverrides,
  Stats,
  Traffic,
} from "../../../schema/contract/operator.ts";
import { DatabaseError } from "../../../schema/database/connection.ts";
import { databaseOf } from "../../../schema/database/from-environment.ts";
import { log } from "../../../schema/text/log.ts";
import { requireBindings } from "../../../schema/vocabulary/required-bindings.ts";
import { enqueueCommitted } from "../../../workflows/enqueue-committed.ts";
import { routesOf } from "../compiled-routes.ts";
import { enqueueTogether } from "../emit/enqueue.ts";
import type { HubEnv } from "../env.ts";
import type { RouteExplanation } from "../routing/types.ts";
import { cancelDispatch, cancelDispatches } from "./cancel.ts";
import type { OperatorContext } from "./context.ts";
import { getDestination, listDestinations, listPaused } from "./destinations.ts";
import { getDispatch, getEvent } from "./details.ts";
import { explainRouting } from "./explain.ts";
import { pageOfDispatches, pageOfEvents } from "./lists.ts";
import { getOperation, listOperations } from "./operations.ts";
import { refusalOf } from "./operator-error.ts";
import { pauseDestination, resumeDestination } from "./pause.ts";
import { findProblems } from "./problems.ts";
import { replayEvents } from "./replay.ts";
import { retryDispatch, retryDispatches } from "./retry.ts";
import { getStats } from "./stats.ts";
import { type Ticked, tick } from "./tick.ts";
import { getTraffic } from "./traffic.ts";

/** How long a call does bulk work before it leaves the rest to the hub's cron, in milliseconds. */
export const CALL_BUDGET_MS = 20_000;

/** What a binding to this entrypoint may say of itself, in its `props`. */
export interface OperatorProps {
  /** Who acts over this binding, unless a call names its `actor`. */
  actor?: string;
}

/**
 * The operators' side of the hub: a named entrypoint, which a producer's binding does not reach. Extend it with the route configuration
 * and export it as `Operator` beside the {@link Hub}. Refused calls throw an Error whose message starts with its code in brackets:
 * `[invalid_arguments]`, `[not_found]`, `[conflict]`, `[misconfigured]` or `[unavailable]`.
 */
export class Operator<Env extends HubEnv = HubEnv> extends WorkerEntrypoint<Env, OperatorProps> {
  /** The route configuration as a JSON module; left out, the variable `EVENTHUB_ROUTING` holds it. */
  protected readonly configuration: unknown = undefined;

  /** Events, by default the newest first. */
  listEvents(filter?: EventFilter, page?: PageOptions): Promise<Page<ListedEvent>> {
    return this.#answer("listEvents", ({ database }) => pageOfEvents(database, filter, page));
  }

  /** One event with its payload and its dispatches (the first 1,000). */
  getEvent(id: string): Promise<EventDetail> {
    return this.#answer("getEvent", ({ database }) => getEvent(database, id));
  }

  /** Dispatches, by default the newest first. */
  listDispatches(filter?: DispatchFilter, page?: PageOptions): Promise<Page<DispatchSummary>> {
    return this.#answer("listDispatches", ({ database }) => pageOfDispatches(database, filter, page));
  }

  /** One dispatch with its executions. */
  getDispatch(id: string): Promise<DispatchDetail> {
    return this.#answer("getDispatch", ({ database }) => getDispatch(database, id));
  }

  /** Results by time, destination and status since a moment (default a day ago), in buckets (default an hour); and what is ongoing. */
  stats(options?: { since?: Moment; bucket?: "minute" | "hour" | "day" | number }): Promise<Stats> {
    return this.#answer("stats", ({ database }) => getStats(database, options));
  }

  /** Events emitted, dispatches ended and latency percentiles since a moment (default a day ago), in buckets (default an hour); and what is ongoing. */
  traffic(options?: { since?: Moment; bucket?: "minute" | "hour" | "day" | number }): Promise<Traffic> {
    return this.#answer("traffic", ({ database }) => getTraffic(database, options));
  }

  /** What ended without success since a moment (default a day ago) and was not retried, by cause; and what is overdue; of all destinations or one. */
  problems(options?: { since?: Moment; destination?: string }): Promise<Problems> {
    return this.#answer("problems", ({ database }) => findProblems(database, options));
  }

  /** The route configuration as it is deployed. */
  getConfiguration(): Promise<RouteConfig> {
    return this.#answer("getConfiguration", async ({ routes }) => {
      const { destinations, ...config } = routes().config;
      // RPC takes no object without a prototype.
      return { ...config, destinations: { ...destinations } };
    });
  }

  /** What every route says of a payload. */
  explain(payload: unknown): Promise<RouteExplanation[]> {
    return this.#answer("explain", (context) => explainRouting(context, payload));
  }

  /** Every destination that the configuration or the database knows, with its health. */
  listDestinations(): Promise<DestinationState[]> {
    return this.#answer("listDestinations", ({ database, routes }) => listDestinations(database, routes().config));
  }

  /** One destination, with its health. */
  getDestination(name: string): Promise<DestinationState> {
    return this.#answer("getDestination", (context) => getDestination(context, context.routes().config, name));
  }

  /** The destinations that are paused, or that were and still drain. */
  listPaused(): Promise<PausedDestination[]> {
    return this.#answer("listPaused", ({ database }) => listPaused(database));
  }

  /** A new dispatch in place of a final one that was not retried yet. */
  retryDispatch(id: string, overrides?: RetryOverrides & ActionOptions): Promise<DispatchDetail> {
    return this.#act("retryDispatch", (context) => retryDispatch(context, id, overrides));
  }

  /** Retries what a filter finds; without a status in it, what failed, was misconfigured or lost. */
  retryDispatches(filter: DispatchFilter, options?: RetryManyOptions): Promise<Operation | DispatchesDryRun> {
    return this.#act("retryDispatches", (context) => retryDispatches(context, filter, options));
  }

  /** Delivers events again, to the destinations they had or to those of the current configuration. */
  replayEvents(filter: EventFilter, options: ReplayOptions): Promise<Operation | ReplayDryRun> {
    return this.#act("replayEvents", (context) => replayEvents(context, filter, options));
  }

  /** Cancels an ongoing dispatch; a call in flight ends as it will. */
  cancelDispatch(id: string, options?: ActionOptions): Promise<DispatchDetail> {
    return this.#act("cancelDispatch", (context) => cancelDispatch(context, id, options));
  }

  /** Cancels what is ongoing of what a filter finds. */
  cancelDispatches(filter: DispatchFilter, options?: BulkOptions): Promise<Operation | DispatchesDryRun> {
    return this.#act("cancelDispatches", (context) => cancelDispatches(context, filter, options));
  }

  /** Holds a destination's dispatches until it is resumed. */
  pauseDestination(name: string, reason?: string, options?: ActionOptions): Promise<DestinationState> {
    return this.#act("pauseDestination", (context) =>
      pauseDestination(context, context.routes().config, name, reason, options),
    );
  }

  /** Lets a destination's dispatches go again, oldest first, at its `drainPerSecond`. */
  resumeDestination(name: string, options?: ActionOptions): Promise<DestinationState> {
    return this.#act("resumeDestination", (context) =>
      resumeDestination(context, context.routes().config, name, options),
    );
  }

  /** How far bulk work is. */
  getOperation(id: string): Promise<Operation> {
    return this.#answer("getOperation", (context) => getOperation(context, id));
  }

  /** The newest hundred operations. */
  listOperations(): Promise<Operation[]> {
    return this.#answer("listOperations", listOperations);
  }

  /** One run of the hub's cron; for a local stack, which has no cron. */
  tick(): Promise<Ticked> {
    return this.#answer("tick", tick);
  }

  async #act<T>(method: string, action: (context: OperatorContext) => Promise<T>): Promise<T> {
    const result = await this.#answer(method, (context) => {
      requireBindings(this.env, "EVENTHUB_QUEUE");
      return action(context);
    });
    log("info", "operator.acted", { method });
    return result;
  }

  /** Only the message of an error crosses RPC, so each starts with its code. */
  async #answer<T>(method: string, ask: (context: OperatorContext) => Promise<T>): Promise<T> {
    try {
      return await ask(operatorContext(this.env, this.configuration, this.ctx.props.actor));
    } catch (error) {
      const refused = error instanceof DatabaseError ? refusalOf(error) : error;
      log("warn", "operator.refused", { method, error: refused instanceof Error ? refused.message.slice(0, 300) : "" });
      throw refused;
    }
  }
}

/** What an operator's call, or the hub's cron, works with in a Worker. */
export function operatorContext(env: HubEnv, configuration: unknown, actor = "operator"): OperatorContext {
  return {
    database: databaseOf(env),
    routes: () => routesOf(configuration, env),
    enqueue: async (notices) => {
      await enqueueCommitted(env.EVENTHUB_QUEUE, notices, enqueueTogether);
    },
    actor,
    deadline: Date.now() + CALL_BUDGET_MS,
  };
}
