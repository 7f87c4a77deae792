import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Pool } from "pg";
import { LOCAL_GRACE_SECONDS } from "../../schema/vocabulary/defaults.ts";
import { UserError } from "../user-error.ts";
import { expireLeases, type LocalDatabase, startDatabase } from "./database.ts";
import { startJanitor, startTicker } from "./housekeeping.ts";
import type { DemoOptions } from "./options.ts";
import { PATHS } from "./paths.ts";
import { PortTakenError } from "./port-taken.ts";
import { isPortFree } from "./ports.ts";
import { removePostgres } from "./postgres/postgres.ts";
import { acquireLock } from "./processes/lock.ts";
import { startWebhookReceiver } from "./workers/webhook-receiver.ts";
import { startWorkers } from "./workers/workers.ts";

/** The local stack, running. */
export interface Stack {
  /** Where the demo Worker answers. */
  origin: string;
  database: LocalDatabase;
  /** Direct connections to the database. */
  pool: Pool;
  /** Rejects when a part of it ends by itself. */
  died: Promise<never>;
}

/**
 * Starts everything: database, endpoint, Workers, ticker, janitor. Whatever has been started when it returns, throws or is aborted,
 * `resources` stops in the right order.
 *
 * @throws {UserError} For what the person at the keyboard can mend.
 */
export async function startStack(
  options: DemoOptions,
  resources: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Stack> {
  const { port, databaseUrl } = options;
  const [postgresPort, endpointPort] = [port + 1, port + 2];
  await mkdir(PATHS.data, { recursive: true });
  const lock = await acquireLock(PATHS.lock, `http://localhost:${port}`);
  resources.defer(() => lock.release());
  if (options.reset) await reset();
  await mkdir(PATHS.logs, { recursive: true });

  try {
    for (const needed of [port, endpointPort]) if (!(await isPortFree(needed))) throw new PortTakenError(needed);
    const database = await startDatabase({ databaseUrl, postgresPort, endpointPort }, resources);
    signal.throwIfAborted();

    const pool = new Pool({
      connectionString: database.url,
      max: 4,
      connectionTimeoutMillis: 10_000,
      query_timeout: 30_000,
    });
    pool.on("error", () => undefined); // the next query says so itself
    resources.defer(() => pool.end());
    // Only where no other executor can be at work.
    if (database.own) await expireLeases(pool);

    const webhooks = await startWebhookReceiver();
    resources.defer(() => webhooks.stop());
    const workers = await startWorkers({
      port,
      webhookUrl: webhooks.url,
      variables: {
        DATABASE_URL: database.url,
        ...(database.endpoint === undefined ? {} : { DATABASE_ENDPOINT: database.endpoint }),
        RECONCILE_GRACE_SECONDS: String(LOCAL_GRACE_SECONDS),
        EVENTHUB_INSECURE_WEBHOOKS: "true",
        DEMO_WEBHOOK_SECRET: webhooks.secret,
        LOCAL_ACTOR: "you",
        ENVIRONMENT_NAME: "local",
        ENVIRONMENT_COLOR: "seagreen",
      },
      onSpawn: lock.noteWorkers,
      signal,
    });
    resources.defer(() => workers.stop());
    const ticker = startTicker(workers.origin);
    resources.defer(() => ticker.stop());
    const janitor = startJanitor(workers.origin, pool);
    resources.defer(() => janitor.stop());
    return { origin: workers.origin, database, pool, died: workers.died };
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    const other = port === 4041 ? 5041 : 4041;
    throw new UserError(
      `Port ${error.port} is taken by another program: stop that one, or start on other ports with --port ${other}.`,
      { cause: error },
    );
  }
}

async function reset(): Promise<void> {
  await removePostgres(PATHS.postgres);
  for (const name of await readdir(PATHS.data)) {
    const path = join(PATHS.data, name);
    if (path !== PATHS.lock) await rm(path, { recursive: true, force: true });
  }
}
