import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { EventCatalogue } from "../../../schema/contract/catalogue.ts";
import type { Deployment } from "../../../schema/contract/deployment.ts";
import type { Findings } from "../../../schema/contract/find.ts";
import type {
  DestinationFlow,
  FlowFilter,
  FlowPageOptions,
  FlowSetting,
  FlowState,
  KeyOptions,
  ReleasedKey,
  ResetFlowOptions,
} from "../../../schema/contract/flow.ts";
import type {
  ActionOptions,
  BulkOptions,
  DispatchesDryRun,
  Operation,
  OperationFilter,
  OperationPageOptions,
  ReplayDryRun,
  ReplayOptions,
  RetryManyOptions,
  RetryOverrides,
} from "../../../schema/contract/operations.ts";
import type {
  DestinationState,
  DispatchDetail,
  DispatchFilter,
  EventDetail,
  EventFilter,
  ListedDispatch,
  ListedEvent,
  Page,
  PageOptions,
  PausedDestination,
  RouteHealth,
  RouteHealthOptions,
  Stats,
  StatsOptions,
  Traffic,
  TrafficOptions,
} from "../../../schema/contract/operator.ts";
import type { Problems, ProblemsOptions } from "../../../schema/contract/problems.ts";
import type { Tail, TailOptions } from "../../../schema/contract/tail.ts";
import type { RouteExplanation } from "../routing/types.ts";
import type { Ticked } from "./ticked.ts";

/** The questions and actions of operators. methods.ts has the implementations. */
export interface OperatorMethods {
  /** Events, by default the newest first. */
  listEvents(filter?: EventFilter, page?: PageOptions): Promise<Page<ListedEvent>>;

  /** One event with its payload and its dispatches (the first 1,000). */
  getEvent(id: string): Promise<EventDetail>;

  /** Dispatches, by default the newest first. */
  listDispatches(filter?: DispatchFilter, page?: PageOptions): Promise<Page<ListedDispatch>>;

  /** One dispatch with its executions. */
  getDispatch(id: string): Promise<DispatchDetail>;

  /**
   * Searches for a text: as an idempotency key, as a value at each path that has an index (also its single words, and as numbers), as a key of limits
   * or of an order, and within reasons. The answer names the places searched.
   */
  find(text: string): Promise<Findings>;

  /**
   * Events, attempts and results of the last minute that match a filter. Events are included only if all parts of the filter apply to them. Call it
   * again and again to follow what happens.
   */
  tail(filter?: DispatchFilter, options?: TailOptions): Promise<Tail>;

  /**
   * Results by time, destination and status since a moment (default a day ago), in buckets (default an hour), and the number of ongoing dispatches.
   */
  stats(options?: StatsOptions): Promise<Stats>;

  /**
   * Events emitted, dispatches ended and latency percentiles since a moment (default a day ago), in buckets (default an hour), until a moment
   * (default now), and the number of ongoing dispatches. With a destination, it counts that destination's dispatches, and no events. With a route
   * beside its destination, it counts that route's dispatches, in a sample if there are many.
   */
  traffic(options?: TrafficOptions): Promise<Traffic>;

  /** How each route did in the last 24 hours: results, success and percentiles, for all destinations or one. Routes without results are left out. */
  routeHealth(options?: RouteHealthOptions): Promise<RouteHealth[]>;

  /**
   * Incidents: dispatches that ended without success since a moment (default a day ago) and were not retried, the most harmful first; and what is
   * overdue. Of all destinations or one.
   */
  problems(options?: ProblemsOptions): Promise<Problems>;

  /** What is wrong with the deployment as far as the database shows, worst first, and when hub and executor last ran. */
  deployment(): Promise<Deployment>;

  /** Every kind of event that is defined, or was seen in a sample of the last days: its schema, its routes, and its number in the sample. */
  catalogue(): Promise<EventCatalogue>;

  /** The route configuration as deployed. */
  getConfiguration(): Promise<RouteConfig>;

  /** For every route, whether it matches a payload, and why. */
  explain(payload: unknown): Promise<RouteExplanation[]>;

  /** Every destination that the configuration or the database knows, with its health. */
  listDestinations(): Promise<DestinationState[]>;

  /** One destination, with its health. */
  getDestination(name: string): Promise<DestinationState>;

  /** The destinations that are paused, or that were paused and still drain. */
  listPaused(): Promise<PausedDestination[]>;

  /** Retries a final dispatch, as a new dispatch. Each can be retried once; after that, retry its retry. */
  retryDispatch(id: string, overrides?: RetryOverrides & ActionOptions): Promise<DispatchDetail>;

  /** Retries all dispatches that a filter finds. Without a status in the filter: the failed, misconfigured and lost ones. */
  retryDispatches(filter: DispatchFilter, options?: RetryManyOptions): Promise<Operation | DispatchesDryRun>;

  /** Delivers events again, to their original destinations or to those of the current configuration. */
  replayEvents(filter: EventFilter, options: ReplayOptions): Promise<Operation | ReplayDryRun>;

  /** Cancels an ongoing dispatch. A call in flight is not interrupted, and its attempt is still recorded. */
  cancelDispatch(id: string, options?: ActionOptions): Promise<DispatchDetail>;

  /** Cancels the ongoing dispatches that a filter finds. */
  cancelDispatches(filter: DispatchFilter, options?: BulkOptions): Promise<Operation | DispatchesDryRun>;

  /** Holds a destination's dispatches until it is resumed. */
  pauseDestination(name: string, reason?: string, options?: ActionOptions): Promise<DestinationState>;

  /** Resumes a destination. Its held dispatches go out oldest first, at its `drainPerSecond`. */
  resumeDestination(name: string, options?: ActionOptions): Promise<DestinationState>;

  /** Keys of destinations with limits or an order, by destination and key: how many dispatches wait, and for what. */
  flows(filter?: FlowFilter, page?: FlowPageOptions): Promise<Page<FlowState>>;

  /** Holds one key of a destination until it is resumed. Other keys go on. */
  pauseKey(destination: string, key: string, options?: ActionOptions & KeyOptions): Promise<FlowState>;

  /** Resumes one key of a destination. */
  resumeKey(destination: string, key: string, options?: ActionOptions & KeyOptions): Promise<FlowState>;

  /** Lets an order go on without the failed dispatch that holds it. */
  releaseKey(destination: string, orderKey: string, options?: ActionOptions): Promise<ReleasedKey>;

  /** Sets other limits for a while, for a whole destination or, with a `key`, for one of its keys. */
  setFlow(destination: string, setting: FlowSetting, options?: ActionOptions): Promise<DestinationFlow | FlowState>;

  /**
   * Returns to the configured limits: ends limits that were set and a wait that the destination asked for, and makes the rate forget earlier calls.
   */
  resetFlow(destination: string, options?: ResetFlowOptions): Promise<DestinationFlow | FlowState>;

  /** Leaves a note on the incident that a dispatch belongs to. It is shown now and when the incident happens again. */
  noteIncident(dispatch: string, note: string, options?: ActionOptions): Promise<Operation>;

  /** Stops bulk work. No chunk begins once this has answered. Dispatches that were already made stay. */
  stopOperation(id: string, options?: ActionOptions): Promise<Operation>;

  /** The progress of bulk work, and the outcome of its dispatches. */
  getOperation(id: string): Promise<Operation>;

  /** A page of the operations that a filter finds (default a hundred), newest first. The next page continues after the last one's id. */
  listOperations(filter?: OperationFilter, page?: OperationPageOptions): Promise<Operation[]>;

  /** One tick of the hub, for a local stack, which has no cron. */
  tick(): Promise<Ticked>;
}

export type MethodName = keyof OperatorMethods;

/** The arguments of a method, all of them required. */
type Arguments<Name extends MethodName> = Required<Parameters<OperatorMethods[Name]>>;

/** The index of the last of two or three arguments. */
type LastPlace<Args extends unknown[]> = Args["length"] extends 2 ? 1 : 2;

/** The methods that act: those whose last argument names the actor. */
export type ActionName = {
  [Name in MethodName]: Arguments<Name> extends [...unknown[], infer Last]
    ? "actor" extends keyof Last
      ? Name
      : never
    : never;
}[MethodName];

/**
 * The methods that act and leave an operation behind, with the index of their {@link ActionOptions} among the arguments. The other methods only read.
 */
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
  stopOperation: 1,
  noteIncident: 2,
};

/** Whether a method acts. */
export const isAction = (name: string): name is ActionName => Object.hasOwn(ACTIONS, name);
