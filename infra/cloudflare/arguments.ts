import type { Input } from "@pulumi/pulumi";
import type { DESTINATION_KINDS, DestinationInput } from "../../schema/config/destinations/index.ts";
import type { RouteConfigInput, RouteInput } from "../../schema/config/routes.ts";
import type { Events, PathOf } from "../../schema/events/index.ts";
import type { ConsoleArgs } from "./console-arguments.ts";
import type { MetricsArgs } from "./metrics-arguments.ts";
import type { OtlpArgs } from "./otlp-arguments.ts";

export type { ConsoleArgs } from "./console-arguments.ts";
export type { MetricsArgs, PushArgs } from "./metrics-arguments.ts";
export type { OtlpArgs } from "./otlp-arguments.ts";

/** Settings of a Workflow: how many instances run at once, and how long the engine keeps finished ones. */
export interface WorkflowSettings {
  /** The most instances that run at once, at least 1; further ones are queued. Instances that wait do not count. Default: the account's limit. */
  concurrency?: number;
  /** How long finished instances stay in the Workflow's log, in milliseconds or as "3 days"; up to 30 days, the platform's default is 7. */
  retention?: { success?: number | string; error?: number | string };
}

/** Settings of the Workflow of a destination's own, or of each of several. */
export interface OwnWorkflowSettings extends WorkflowSettings {
  /**
   * How many Workflows share the destination's instances, 1 to {@link MAX_OWN_WORKFLOWS}; default 1. The platform limits how many instances a
   * Workflow creates per second. `concurrency` holds for each of them.
   */
  count?: number;
}

type Kinds = typeof DESTINATION_KINDS;
type Kind = keyof Kinds;

/** The type of an argument's value. */
interface ArgumentValues {
  name: Input<string>;
  "name, if any": string;
  secrets: Readonly<Record<string, Input<string>>>;
}

type ValueOf<Argument> = Argument extends { is: infer Is extends keyof ArgumentValues } ? ArgumentValues[Is] : never;

type ArgumentsOf<Target> = {
  -readonly [Key in keyof Target as Target[Key] extends { is: "name, if any" } ? never : Key]: ValueOf<Target[Key]>;
} & {
  -readonly [Key in keyof Target as Target[Key] extends { is: "name, if any" } ? Key : never]?: ValueOf<Target[Key]>;
};

/** The target of the executor's binding of a destination, by the destination's kind. */
type Targets = { [K in Kind]: ArgumentsOf<Kinds[K]["target"]> };

/** The settings of a destination, in the form of the route configuration. */
type Settings<K extends Kind> = Omit<Extract<DestinationInput, { kind: K }>, "kind" | "workflow" | keyof Targets[K]>;

/** A destination: where its binding leads, its settings, and optionally a Workflow of its own to limit the calls of its consumer. */
export type DestinationArgs = {
  [K in Kind]: Flat<{ kind: K; workflow?: OwnWorkflowSettings } & Targets[K] & Settings<K>>;
}[Kind];

/** An intersection as one object type: only then does TypeScript see that a key belongs to another kind. */
type Flat<T> = { [Key in keyof T]: T[Key] };

/** Destinations by name. Routes can name no others. */
export type Destinations = Readonly<Record<string, DestinationArgs>>;

/** What a producer, or a consumer that emits, binds: `{ type: "service", name: "EVENTHUB", ...producer }` in `cloudflare.WorkerVersion`. */
export interface ProducerTarget {
  /** Name of the hub's Worker, known once that is deployed. */
  service: Input<string>;
}

/** How many events a route preview reads, and which routes it compares with. */
export interface RoutePreview {
  /** The routes that are deployed now, e.g. the `configuration` that the stack exports. Without it, nothing is compared. */
  against: Input<unknown>;
  /** How many of the newest stored events both are applied to, 1 to 1,000,000; default 1,000. */
  events?: number;
}

/** The arguments of an {@link EventHub}. Values that the preview checks are plain; the others may be outputs of other resources. */
export interface EventHubArgs<Declared extends Destinations, Defined extends Events = Events> {
  /** The Cloudflare account. */
  accountId: Input<string>;
  /**
   * The beginning of all names in the account: lower-case letters, digits and dashes, up to 50. Without it, whatever is deployed keeps its name, and
   * new things are named after the resource, the project and the stack, so that stacks can share an account.
   */
  name?: string;
  /** Postgres connection string of the migrated database. Kept as a secret. */
  databaseUrl: Input<string>;
  /** The URL of the database's `/sql` endpoint, if it is not at the database's host: a Neon proxy of your own. */
  databaseEndpoint?: Input<string> | undefined;
  /**
   * The destinations by name, or a function that returns them for the deployed hub. Use the function for consumers that emit: they need the hub's
   * name before the executor needs theirs.
   */
  destinations: Declared | ((hub: ProducerTarget) => Declared);
  /**
   * The routes, in the language of the documentation; each leads to one of `destinations`. An editor completes the paths of what `events` defines.
   */
  routes: readonly (Omit<RouteInput<PathOf<NoInfer<Defined>>>, "destination"> & {
    destination: NoInfer<keyof Declared & string>;
  })[];
  /**
   * The result of `defineEvents`, by which `emit` checks events and the preview checks the routes. JSON Schema must be able to express its schemas.
   */
  events?: Defined;
  /** Everything else of the route configuration, such as `defaultRetryDelay`. */
  settings?: Omit<RouteConfigInput, "destinations" | "routes">;
  /** The Workflow that destinations share, and the retention of all Workflows. For a Workflow of a destination's own see {@link DestinationArgs}. */
  workflow?: WorkflowSettings;
  /**
   * When the executor reconciles and the hub routes what was emitted in SQL, even if the hub's alarm has not rung, as cron expressions (UTC); default
   * once a day. Each run wakes the database.
   */
  schedules?: readonly string[];
  /** How long something must be overdue before reconciling looks at it, in seconds (0 to 86,400); default 60. */
  reconcileGraceSeconds?: number;
  /** Where the spans of emits and deliveries go; default nowhere, and none are made. */
  otlp?: OtlpArgs;
  /** The console for operators; default none. */
  console?: ConsoleArgs;
  /** Metrics and the health check, for Prometheus and uptime checks; default none. */
  metrics?: MetricsArgs;
  /** Tags of the Workers, such as the environment. */
  tags?: readonly string[];
  /** Compares the routes with others on stored events during `pulumi preview`. The database must be reachable from there. */
  routePreview?: RoutePreview;
}
