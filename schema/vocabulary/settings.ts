/** Everything that each Worker is given by a name: its secrets, variables and bindings. Destinations' bindings and secrets stand beside them. */

import { DEFAULT_GRACE_SECONDS } from "./defaults.ts";
import { MAX_ENVIRONMENT_NAME_LENGTH } from "./limits.ts";

/** What something with a name is. */
export interface Setting {
  /** Text (`secret`, `variable`), JSON as text or as an object (`json`), or the kind of the binding. */
  kind: "secret" | "variable" | "json" | "queue" | "workflow" | "service";
  /** Whether the Worker can do its work without. */
  required: boolean;
  /** For people: what to bind, or what it holds. */
  what: string;
  /** What holds while it is not set. */
  default?: number;
  /** The method by which a binding that fits is told from others. */
  method?: string;
  /** It is the local stack's, and never deployed. */
  local?: true;
}

const database = {
  DATABASE_URL: { kind: "secret", required: true, what: "the Postgres connection string of the hub's database" },
  DATABASE_ENDPOINT: {
    kind: "variable",
    required: false,
    what: "where the `/sql` endpoint is, when not at the host of `DATABASE_URL`",
  },
} as const satisfies Record<string, Setting>;

const delivery = {
  EVENTHUB_QUEUE: { kind: "queue", required: true, what: "the queue that the executor consumes", method: "sendBatch" },
  EVENTHUB_ROUTING: {
    kind: "json",
    required: false,
    what: "a small route configuration, when it is no module of the Worker",
  },
} as const satisfies Record<string, Setting>;

/** By Worker and name. */
export const SETTINGS = {
  hub: { ...database, ...delivery },
  executor: {
    ...database,
    ...delivery,
    DISPATCH: {
      kind: "workflow",
      required: true,
      what: "the Workflow of the class that extends DispatchWorkflow",
      method: "createBatch",
    },
    RECONCILE_GRACE_SECONDS: {
      kind: "variable",
      required: false,
      what: "how long something must be overdue before reconciling looks at it, in seconds",
      default: DEFAULT_GRACE_SECONDS,
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
    ACCESS_TEAM: { kind: "variable", required: false, what: "`acme` of acme.cloudflareaccess.com" },
    ACCESS_AUDIENCE: {
      kind: "variable",
      required: false,
      what: "the AUD tag of the Access application for the console's address",
    },
    LOCAL_ACTOR: { kind: "variable", required: false, what: "who acts where nobody signs in", local: true },
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
  },
  demo: {
    EVENTHUB: { kind: "service", required: true, what: "the hub" },
    DEMO_TOKEN: {
      kind: "secret",
      required: false,
      what: "what callers of the deployed demo must show; without it, it answers nobody",
    },
  },
} as const satisfies Record<string, Record<string, Setting>>;

/** A Worker that has settings. */
export type WorkerName = keyof typeof SETTINGS;

type SettingsOf<W extends WorkerName> = (typeof SETTINGS)[W];
type TextKind = "secret" | "variable";

/** The names of what a Worker is bound to. */
type BindingName<W extends WorkerName> = {
  [N in keyof SettingsOf<W>]: SettingsOf<W>[N] extends { kind: TextKind | "json" } ? never : N;
}[keyof SettingsOf<W>];

type ValueOf<S, N, Bindings> = S extends { kind: TextKind } ? string : N extends keyof Bindings ? Bindings[N] : unknown;

/** A Worker's environment: what the table says it has, and of which type each of its bindings is. */
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

/** Every name that a Worker of ours takes something by. */
export const SETTING_NAMES: readonly string[] = [...new Set(Object.values(SETTINGS).flatMap(Object.keys))];
