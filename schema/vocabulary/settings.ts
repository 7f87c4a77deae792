/** Everything that each Worker gets by name: its secrets, variables and bindings. The bindings and secrets of destinations come on top. */

import { DEFAULT_CONFIRM_ABOVE, DEFAULT_GRACE_SECONDS, DEFAULT_SAMPLE_RATE } from "./defaults.ts";
import { MAX_ENVIRONMENT_NAME_LENGTH, MIN_TOKEN_LENGTH } from "./limits.ts";

/** One setting, by its name. */
export interface Setting {
  /** Text (`secret`, `variable`), JSON as text or as an object (`json`), or the type of a binding. */
  kind: "secret" | "variable" | "json" | "queue" | "workflow" | "service" | "durable object";
  /** Whether the Worker cannot work without it. */
  required: boolean;
  /** For people: what to bind, or what it contains. */
  what: string;
  /** Applies while it is not set. */
  default?: number;
  /** The method by which the right binding is recognised. */
  method?: string;
  /** Only for the local stack, and never deployed. */
  local?: true;
}

const database = {
  DATABASE_URL: { kind: "secret", required: true, what: "the Postgres connection string of the hub's database" },
  DATABASE_ENDPOINT: {
    kind: "variable",
    required: false,
    what: "where the `/sql` endpoint is, if it is not at the host of `DATABASE_URL`",
  },
} as const satisfies Record<string, Setting>;

const delivery = {
  EVENTHUB_QUEUE: { kind: "queue", required: true, what: "the queue that the executor consumes", method: "sendBatch" },
  EVENTHUB_ROUTING: {
    kind: "json",
    required: false,
    what: "a small route configuration, if it is not a module of the Worker",
  },
  EVENTHUB_ALARM: {
    kind: "durable object",
    required: false,
    what: "the hub's class Alarm, which lets the database sleep; without it, hub and executor need a cron that runs every minute",
  },
  RECONCILE_GRACE_SECONDS: {
    kind: "variable",
    required: false,
    what: "how long something must be overdue before reconciling looks at it, in seconds",
    default: DEFAULT_GRACE_SECONDS,
  },
} as const satisfies Record<string, Setting>;

const otlp = {
  OTLP_ENDPOINT: {
    kind: "variable",
    required: false,
    what: "where spans (of the metrics Worker: metrics) are sent over OTLP/HTTP, such as `https://otlp.example.com`; `/v1/traces` or `/v1/metrics` is appended; without it nothing is sent",
  },
  OTLP_HEADERS: {
    kind: "secret",
    required: false,
    what: "headers for the endpoint, such as `authorization=Bearer%20token`; separated by commas, values percent-encoded",
  },
  ENVIRONMENT_NAME: {
    kind: "variable",
    required: false,
    what: "the `deployment.environment.name` of spans and metrics, such as `production`",
  },
} as const satisfies Record<string, Setting>;

const access = {
  ACCESS_TEAM: { kind: "variable", required: false, what: "`acme` of acme.cloudflareaccess.com" },
  ACCESS_AUDIENCE: {
    kind: "variable",
    required: false,
    what: "the AUD tag of the Access application for the console's address",
  },
} as const satisfies Record<string, Setting>;

/** By Worker and name. */
export const SETTINGS = {
  hub: {
    ...database,
    ...delivery,
    ...otlp,
    OTLP_SAMPLE_RATE: {
      kind: "variable",
      required: false,
      what: "the share of the traces begun by the hub that is recorded, 0 to 1; a producer's trace says itself whether it is recorded",
      default: DEFAULT_SAMPLE_RATE,
    },
  },
  executor: {
    ...database,
    ...delivery,
    ...otlp,
    DISPATCH: {
      kind: "workflow",
      required: true,
      what: "the Workflow of the class that extends DispatchWorkflow",
      method: "createBatch",
    },
    EVENTHUB_INSECURE_WEBHOOKS: {
      kind: "variable",
      required: false,
      what: "`true` lets webhooks go over http and to private addresses",
      local: true,
    },
  },
  console: {
    OPERATOR: { kind: "service", required: true, what: "the hub's entrypoint for operators" },
    EVENTHUB: { kind: "service", required: false, what: "the hub, for creating events" },
    ...access,
    ACCESS_OPERATORS: {
      kind: "variable",
      required: false,
      what: "who may act, separated by commas: addresses, `@acme.com`, service tokens, `group:oncall`; unset: everybody who is let in",
    },
    LOCAL_ACTOR: { kind: "variable", required: false, what: "the actor, since nobody signs in there", local: true },
    ENVIRONMENT_NAME: {
      kind: "variable",
      required: false,
      what: `such as \`production\`, shown on every page: up to ${MAX_ENVIRONMENT_NAME_LENGTH} characters`,
    },
    ENVIRONMENT_COLOR: {
      kind: "variable",
      required: false,
      what: "the colour of the mark beside the name, such as `crimson` or `#c00`",
    },
    ENVIRONMENT_PRODUCTION: {
      kind: "variable",
      required: false,
      what: "`true`: a larger bulk action begins only after the number of its dispatches is typed",
    },
    CONFIRM_ABOVE: {
      kind: "variable",
      required: false,
      what: "the most dispatches of a bulk action that needs no typing",
      default: DEFAULT_CONFIRM_ABOVE,
    },
    DASHBOARD_NAME: {
      kind: "variable",
      required: false,
      what: "how the names of the hub's Workers and Workflows begin in the account, such as `eventhub`; for links to Cloudflare's dashboard",
    },
  },
  metrics: {
    ...database,
    ...otlp,
    METRICS_TOKEN: {
      kind: "secret",
      required: false,
      what: `the bearer token that callers of \`/metrics\` and \`/health\` must send, of at least ${MIN_TOKEN_LENGTH} characters`,
    },
    ACCESS_TEAM: access.ACCESS_TEAM,
    ACCESS_AUDIENCE: {
      kind: "variable",
      required: false,
      what: "the AUD tag of an Access application for the address of `/health`, for callers that use a service token of Access instead",
    },
  },
  demo: {
    EVENTHUB: { kind: "service", required: true, what: "the hub" },
    DEMO_TOKEN: {
      kind: "secret",
      required: false,
      what: "the token that callers of the deployed demo must send; without it, the demo answers nobody",
    },
  },
} as const satisfies Record<string, Record<string, Setting>>;

/** A Worker that has settings. */
export type WorkerName = keyof typeof SETTINGS;

type SettingsOf<W extends WorkerName> = (typeof SETTINGS)[W];
type TextKind = "secret" | "variable";

/** The names of a Worker's bindings. */
type BindingName<W extends WorkerName> = {
  [N in keyof SettingsOf<W>]: SettingsOf<W>[N] extends { kind: TextKind | "json" } ? never : N;
}[keyof SettingsOf<W>];

type ValueOf<S, N, Bindings> = S extends { kind: TextKind } ? string : N extends keyof Bindings ? Bindings[N] : unknown;

/** A Worker's environment: the settings from the table, with the type of each binding. */
export type EnvOf<W extends WorkerName, Bindings extends Record<BindingName<W>, unknown>> = {
  -readonly [N in keyof SettingsOf<W> as SettingsOf<W>[N] extends { required: true } ? N : never]: ValueOf<
    SettingsOf<W>[N],
    N,
    Bindings
  >;
} & {
  -readonly [N in keyof SettingsOf<W> as SettingsOf<W>[N] extends { required: true } ? never : N]?: ValueOf<
    SettingsOf<W>[N],
    N,
    Bindings
  >;
};

/** The name of every setting of our Workers. */
export const SETTING_NAMES: readonly string[] = [...new Set(Object.values(SETTINGS).flatMap(Object.keys))];
