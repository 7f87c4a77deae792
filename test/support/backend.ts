/**
 * The process that serves the tests: one Postgres, one Neon endpoint in front of it, a migrated database to clone, and the plans of
 * what is to go wrong.
 *
 * A process of its own, since calls of wrangler's test harness can block the thread of the process that makes them. It ends when its
 * standard input does, so it outlives neither a test run nor the crash of one.
 */

import { Client } from "pg";
import { migrate } from "../../infra/cli/migrate.ts";
import { startNeonEndpoint } from "../../infra/local/neon/endpoint.ts";
import { startPostgres } from "../../infra/local/postgres/postgres.ts";
import { startFaultPlans } from "./fault-plan.ts";
import { serveBackend } from "./serve-backend.ts";

/** The database that every test's database is a copy of. */
const TEMPLATE = "eventhub_template";

/** Two files of tests at once keep the processors busy: helpers of one statement only take them from the others. */
const SETTINGS = { max_parallel_workers_per_gather: "0", jit: "off" };

/** Systems of tests have no crons, and histories are older than the database: only a test of it says that a cron is silent. */
async function silenceSetup(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("update eventhub.heartbeats set at = 'infinity' where name in ('hub', 'executor')");
  await client.end();
}

await serveBackend(async (resources) => {
  const postgres = await startPostgres({
    temporary: true,
    database: TEMPLATE,
    settings: SETTINGS,
    // Of another version: test/matrix.
    ...(process.env.TEST_POSTGRES_ROOT === undefined ? {} : { root: process.env.TEST_POSTGRES_ROOT }),
  });
  resources.defer(() => postgres.stop());
  await migrate(postgres.url);
  await silenceSetup(postgres.url);
  const faults = await startFaultPlans();
  resources.defer(() => faults.stop());
  const endpoint = await startNeonEndpoint({ postgresUrl: postgres.url, intercept: faults.intercept });
  resources.defer(() => endpoint.stop());
  return { templateUrl: postgres.url, endpointUrl: endpoint.url, faultsUrl: faults.url };
});
