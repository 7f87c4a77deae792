import type { Input } from "@pulumi/pulumi";
import type { DESTINATION_KINDS, DestinationInput } from "../../schema/config/destinations/index.ts";
import type { RouteConfigInput, RouteInput } from "../../schema/config/routes.ts";
import type { Events } from "../../schema/events/index.ts";
import type { ConsoleArgs } from "./console-arguments.ts";

export type { ConsoleArgs } from "./console-arguments.ts";

/** Settings of a Workflow: how much it does at once, and how long the engine remembers. */
export interface WorkflowSettings {
  /** Most instances that run at once, at least 1; further ones are queued. Waiting ones do not count. Default: the account's limit. */
  concurrency?: number;
  /** How long finished instances stay in the Workflow's log, in milliseconds or as "3 days"; up to 30 days, the platform's default is 7. */
  retention?: { success?: number | string; error?: number | string };
}

type Kinds = typeof DESTINATION_KINDS;
type Kind = keyof Kinds;

/** The value of an argument, by what it is. */
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

/** What the executor's binding of a destination leads to, by the destination's kind. */
type Targets = { [K in Kind]: ArgumentsOf<Kinds[K]["target"]> };

/** The settings of a destination in the route configuration, as they are written there. */
type Settings<K extends Kind> = Omit<Extract<DestinationInput, { kind: K }>, "kind" | "workflow" | keyof Targets[K]>;

/** A destination: where its binding leads, its settings, and a Workflow of its own if its consumer is to be spared. */
export type DestinationArgs = {
  [K in Kind]: Flat<{ kind: K; workflow?: WorkflowSettings } & Targets[K] & Settings<K>>;
}[Kind];

/** An intersection as one object type: only of such a one TypeScript sees that a key is another kind's. */
type Flat<T> = { [Key in keyof T]: T[Key] };

/** Destinations by name. Routes can name no others. */
export type Destinations = Readonly<Record<string, DestinationArgs>>;

/** What a producer, or a consumer that emits, binds: `{ type: "service", name: "EVENTHUB", ...producer }` in `cloudflare.WorkerVersion`. */
export interface ProducerTarget {
  /** Name of the hub's Worker, known once that is deployed. */
  service: Input<string>;
}

/** The events that a route preview looks at, and what the routes are compared with. */
export interface RoutePreview {
  /** The routes that are deployed now, e.g. the `configuration` that the stack gave out; nothing is compared if there is none. */
  against: Input<unknown>;
  /** How many of the newest stored events both run over, 1 to 1,000,000; default 1,000. */
  events?: number;
}

/** What an {@link EventHub} is made of. Values that the preview checks are plain; the rest may be outputs of other resources. */
export interface EventHubArgs<Declared extends Destinations> {
  /** The Cloudflare account. */
  accountId: Input<string>;
  /**
   * Begins the name of everything in the account: lower-case letters, digits and dashes, up to 50. Left out, what is deployed keeps the name that it has, and
   * what is new is called after the resource, the project and the stack, so that stacks can share an account.
   */
  name?: string;
  /** Postgres connection string of the migrated database. Kept as a secret. */
  databaseUrl: Input<string>;
  /** Where the database's `/sql` endpoint is, when not at its host: a Neon proxy of your own. */
  databaseEndpoint?: Input<string> | undefined;
  /**
   * The destinations by name, or a function that makes them of the deployed hub: for consumers that emit, which need its name before the
   * executor needs theirs.
   */
  destinations: Declared | ((hub: ProducerTarget) => Declared);
  /** The routes, in the language of the README; each to one of `destinations`. */
  routes: readonly (Omit<RouteInput, "destination"> & { destination: NoInfer<keyof Declared & string> })[];
  /** What `defineEvents` gives: `emit` checks events by it, and the preview the routes. Its schemas must be such as JSON Schema can say. */
  events?: Events;
  /** Everything else of the route configuration, such as `defaultRetryDelay`. */
  settings?: Omit<RouteConfigInput, "destinations" | "routes">;
  /** The Workflow that destinations share, and the retention of all; see {@link DestinationArgs} for one of a destination's own. */
  workflow?: WorkflowSettings;
  /** When the executor reconciles and the hub routes what was emitted in SQL, as cron expressions (UTC); default every minute. */
  schedules?: readonly string[];
  /** How long something is overdue before reconciling looks at it, in seconds (0 to 86,400); default 60. */
  reconcileGraceSeconds?: number;
  /** The console for operators; default none. */
  console?: ConsoleArgs;
  /** Tags of the Workers, such as the environment. */
  tags?: readonly string[];
  /** Compares the routes with others over stored events during `pulumi preview`. The database must be reachable from there. */
  routePreview?: RoutePreview;
}
