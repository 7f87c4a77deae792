/**
 * The process that serves the tests: one Postgres, one Neon endpoint in front of it, a migrated database to clone, and the plans of
 * what is to go wrong.
 *
 * A process of its own, since calls of wrangler's test harness can block the thread of the process that makes them. It ends when its
 * standard input does, so it outlives neither a test run nor the crash of one.
 */
import { type NeonEndpoint, startNeonEndpoint } from "../../infra/local/neon-endpoint.ts";
import { startPostgres } from "../../infra/local/postgres.ts";
import { migrate } from "../../infra/migrate.ts";
import { type FaultPlans, startFaultPlans } from "./fault-plan.ts";

/** The database that every test's database is a copy of. */
const TEMPLATE = "eventhub_template";

const starting = startPostgres({ temporary: true, database: TEMPLATE });
let endpoint: NeonEndpoint | undefined;
let faults: FaultPlans | undefined;
let stopping: Promise<void> | undefined;

async function stop(): Promise<void> {
  await endpoint?.stop();
  faults?.stop();
  const postgres = await starting.catch(() => undefined); // one that did not start has cleaned up after itself
  await postgres?.stop();
}

function stopAndExit(code: number): void {
  stopping ??= stop();
  void stopping.then(
    () => process.exit(code),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}

process.stdin.resume().once("close", () => stopAndExit(0));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopAndExit(0));
try {
  const postgres = await starting;
  await migrate(postgres.url);
  faults = await startFaultPlans();
  endpoint = await startNeonEndpoint({ postgresUrl: postgres.url, intercept: faults.intercept });
  process.send?.({ templateUrl: postgres.url, endpointUrl: endpoint.url, faultsUrl: faults.url });
} catch (error) {
  console.error(error);
  stopAndExit(1);
}
