import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { EventCatalogue } from "../../../schema/contract/catalogue.ts";
import type {
  DestinationFlow,
  FlowFilter,
  FlowPageOptions,
  FlowSetting,
  FlowState,
  KeyOptions,
  ReleasedKey,
} from "../../../schema/contract/flow.ts";
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
import type { RouteExplanation } from "../routing/types.ts";
import type { Ticked } from "./ticked.ts";

/** What operators can ask the hub and do with it. What each method runs stands in methods.ts. */
export interface OperatorMethods {
  /** Events, by default the newest first. */
  listEvents(filter?: EventFilter, page?: PageOptions): Promise<Page<ListedEvent>>;

  /** One event with its payload and its dispatches (the first 1,000). */
  getEvent(id: string): Promise<EventDetail>;

  /** Dispatches, by default the newest first. */
  listDispatches(filter?: DispatchFilter, page?: PageOptions): Promise<Page<DispatchSummary>>;

  /** One dispatch with its executions. */
  getDispatch(id: string): Promise<DispatchDetail>;

  /** Results by time, destination and status since a moment (default a day ago), in buckets (default an hour); and what is ongoing. */
  stats(options?: { since?: Moment; bucket?: "minute" | "hour" | "day" | number }): Promise<Stats>;

  /** Events emitted, dispatches ended and latency percentiles since a moment (default a day ago), in buckets (default an hour); and what is ongoing. */
  traffic(options?: { since?: Moment; bucket?: "minute" | "hour" | "day" | number }): Promise<Traffic>;

  /** What ended without success since a moment (default a day ago) and was not retried, by cause; and what is overdue; of all destinations or one. */
  problems(options?: { since?: Moment; destination?: string }): Promise<Problems>;

  /** Every kind of event that is defined, or was seen among the newest 5,000: its schema, who takes it, how many there are. */
  catalogue(): Promise<EventCatalogue>;

  /** The route configuration as it is deployed. */
  getConfiguration(): Promise<RouteConfig>;

  /** What every route says of a payload. */
  explain(payload: unknown): Promise<RouteExplanation[]>;

  /** Every destination that the configuration or the database knows, with its health. */
  listDestinations(): Promise<DestinationState[]>;

  /** One destination, with its health. */
  getDestination(name: string): Promise<DestinationState>;

  /** The destinations that are paused, or that were and still drain. */
  listPaused(): Promise<PausedDestination[]>;

  /** A new dispatch in place of a final one that was not retried yet. */
  retryDispatch(id: string, overrides?: RetryOverrides & ActionOptions): Promise<DispatchDetail>;

  /** Retries what a filter finds; without a status in it, what failed, was misconfigured or lost. */
  retryDispatches(filter: DispatchFilter, options?: RetryManyOptions): Promise<Operation | DispatchesDryRun>;

  /** Delivers events again, to the destinations they had or to those of the current configuration. */
  replayEvents(filter: EventFilter, options: ReplayOptions): Promise<Operation | ReplayDryRun>;

  /** Cancels an ongoing dispatch; a call in flight ends as it will. */
  cancelDispatch(id: string, options?: ActionOptions): Promise<DispatchDetail>;

  /** Cancels what is ongoing of what a filter finds. */
  cancelDispatches(filter: DispatchFilter, options?: BulkOptions): Promise<Operation | DispatchesDryRun>;

  /** Holds a destination's dispatches until it is resumed. */
  pauseDestination(name: string, reason?: string, options?: ActionOptions): Promise<DestinationState>;

  /** Lets a destination's dispatches go again, oldest first, at its `drainPerSecond`. */
  resumeDestination(name: string, options?: ActionOptions): Promise<DestinationState>;

  /** Keys of destinations with limits or an order, by destination and key: how much waits, and for what. */
  flows(filter?: FlowFilter, page?: FlowPageOptions): Promise<Page<FlowState>>;

  /** Holds one key of a destination until it is resumed; the others go on. */
  pauseKey(destination: string, key: string, options?: ActionOptions & KeyOptions): Promise<FlowState>;

  /** Lets one key go again. */
  resumeKey(destination: string, key: string, options?: ActionOptions & KeyOptions): Promise<FlowState>;

  /** Lets an order go on without what failed for good and holds it. */
  releaseKey(destination: string, orderKey: string, options?: ActionOptions): Promise<ReleasedKey>;

  /** Other limits for a while, of a destination or, with a `key`, of one of its keys. */
  setFlow(destination: string, setting: FlowSetting, options?: ActionOptions): Promise<DestinationFlow | FlowState>;

  /** Back to the configured limits: ends what was set, the wait that was asked for, and the rate's memory. */
  resetFlow(destination: string, options?: ActionOptions & { key?: string }): Promise<DestinationFlow | FlowState>;

  /** How far bulk work is. */
  getOperation(id: string): Promise<Operation>;

  /** The newest hundred operations. */
  listOperations(): Promise<Operation[]>;

  /** One run of the hub's cron; for a local stack, which has no cron. */
  tick(): Promise<Ticked>;
}

/** The name of a method. */
export type MethodName = keyof OperatorMethods;

/** What a method is called with, all of it given. */
type Arguments<Name extends MethodName> = Required<Parameters<OperatorMethods[Name]>>;

/** The place of the last of two or three arguments. */
type LastPlace<Args extends unknown[]> = Args["length"] extends 2 ? 1 : 2;

/** The methods that act: those whose last argument says who does. */
export type ActionName = {
  [Name in MethodName]: Arguments<Name> extends [...unknown[], infer Last]
    ? "actor" extends keyof Last
      ? Name
      : never
    : never;
}[MethodName];

/** The methods that act, which leave an operation behind, with the place of their {@link ActionOptions} among the arguments. The rest only read. */
export const ACTIONS: { readonly [Name in ActionName]: LastPlace<Arguments<Name>> } = {
  retryDispatch: 1,
  retryDispatches: 1,
  replayEvents: 1,
  cancelDispatch: 1,
  cancelDispatches: 1,
  pauseDestination: 2,
  resumeDestination: 1,
  pauseKey: 2,
  resumeKey: 2,
  releaseKey: 2,
  setFlow: 2,
  resetFlow: 1,
};

/** Whether a method acts. */
export const isAction = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);
