/// <reference lib="esnext.disposable" preserve="true" />
import type { EventHub } from "../../../schema/contract/index.ts";
import type { DispatchSummary } from "../../../schema/contract/operator.ts";
import type { DispatchStatus } from "../../../schema/vocabulary/statuses.ts";

/** What to start or connect to, for a test file. */
export interface StartOptions {
  /** The wrangler configurations of the Workers, relative to `root`; default: those that `dev` would find there. */
  configs?: readonly string[];
  /** Where the project is; default: the working directory. */
  root?: string;
  /** Further variables for hub, executor and console, such as secrets of webhooks. */
  vars?: Readonly<Record<string, string>>;
  /** The {@link RunningEventHub.address} of a hub that already runs in another process. It is used, and nothing is started. */
  address?: EventHubAddress;
}

/** Where a running hub is, for other processes: plain JSON. */
export interface EventHubAddress {
  origin: string;
  databaseUrl: string;
  workers: readonly { name: string; url: string }[];
}

/** Which dispatches: all given conditions must hold. */
export interface DispatchesOf {
  eventId?: string;
  destination?: string;
  route?: string;
  status?: DispatchStatus;
}

/** A dispatch as Postgres has it, and as operators see it. */
export type RunningDispatch = DispatchSummary;

/** How to wait for {@link RunningEventHub.settled}. */
export interface SettledOptions {
  /** How long, in milliseconds; default 30,000. */
  timeoutMs?: number;
}

/** The real hub with the project's Workers: Postgres, workerd, queue and Workflows on this machine. */
export interface RunningEventHub extends EventHub, AsyncDisposable {
  /** The address of the console and of `POST /emit`. */
  readonly origin: string;
  /** The address by which a test file in another process connects to it. */
  readonly address: EventHubAddress;
  /**
   * Waits until every dispatch, of one event or of all, is final, and returns them in order.
   * @throws Error after `timeoutMs` that names those that are not
   */
  settled(eventId?: string, options?: SettledOptions): Promise<RunningDispatch[]>;
  /** The dispatches as they are now, in order. */
  dispatches(filter?: DispatchesOf): Promise<RunningDispatch[]>;
  /** Runs a statement on its database, with the values in `${}` as parameters, and returns the rows. */
  sql<Row = Record<string, unknown>>(text: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>;
  /** Calls `fetch` of one of the project's Workers, by its name. @throws Error if none of this name can be fetched */
  fetch(worker: string, path?: string, init?: RequestInit): Promise<Response>;
  /** Does what the crons of hub and executor do. They also run every few seconds by themselves. */
  reconcile(): Promise<void>;
  /** Kills workerd with SIGKILL, like a crash of its machine, and starts it again on the state that it kept. */
  kill(): Promise<void>;
  /** Switches the hub to an empty database, a clone of the migrated one. The Workers' own state stays. */
  isolate(): Promise<void>;
  /** Stops everything, or disconnects from a hub that was started elsewhere. May be called again. */
  stop(): Promise<void>;
}
