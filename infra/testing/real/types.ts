/// <reference lib="esnext.disposable" preserve="true" />
import type { EventHub } from "../../../schema/contract/index.ts";
import type { DispatchSummary } from "../../../schema/contract/operator.ts";
import type { DispatchStatus } from "../../../schema/vocabulary/statuses.ts";

/** What to start for a test file, or what to join. */
export interface StartOptions {
  /** The wrangler configurations of the Workers, relative to `root`; default: those that are found there, as `dev` finds them. */
  configs?: readonly string[];
  /** Where the project is; default: the working directory. */
  root?: string;
  /** Variables that hub, executor and console get besides, such as secrets of webhooks. */
  vars?: Readonly<Record<string, string>>;
  /** The {@link RunningEventHub.address} of one that runs already, in another process: then that is used, and nothing is started. */
  address?: EventHubAddress;
}

/** Where a running hub is, for other processes: plain JSON. */
export interface EventHubAddress {
  origin: string;
  databaseUrl: string;
  workers: readonly { name: string; url: string }[];
}

/** Which dispatches: all that is given must hold. */
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
  /** Where the console is, and `POST /emit`. */
  readonly origin: string;
  /** What a test file in another process joins it by. */
  readonly address: EventHubAddress;
  /**
   * Waits until every dispatch is final, of one event or of all, and gives them in order.
   * @throws Error that names those that are not, after `timeoutMs`
   */
  settled(eventId?: string, options?: SettledOptions): Promise<RunningDispatch[]>;
  /** The dispatches as they are now, in order. */
  dispatches(filter?: DispatchesOf): Promise<RunningDispatch[]>;
  /** Runs a statement on its database, with what stands in `${}` as parameters, and gives the rows. */
  sql<Row = Record<string, unknown>>(text: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>;
  /** Calls `fetch` of one of the project's Workers, by its name. @throws Error if none of this name can be fetched */
  fetch(worker: string, path?: string, init?: RequestInit): Promise<Response>;
  /** Does what the crons of hub and executor do; every few seconds it is done anyway. */
  reconcile(): Promise<void>;
  /** Kills workerd with SIGKILL, as a crash of the machine that it runs on, and starts it again on what it has kept. */
  kill(): Promise<void>;
  /** Goes on with an empty database of its own, a clone of the migrated one. What the Workers themselves keep stays. */
  isolate(): Promise<void>;
  /** Stops everything, or, of a hub that was joined, leaves it. May be called again. */
  stop(): Promise<void>;
}
