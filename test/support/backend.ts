/**
 * The process that serves the tests: one Postgres, one Neon endpoint in front of it, a migrated database to clone, and the plans of faults.
 *
 * It is a process of its own, since calls of wrangler's test harness can block the thread of the process that makes them. It ends when its standard
 * input does, so it outlives neither a test run nor its crash.
 */

import { Client } from "pg";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { startNeonEndpoint } from "../../infra/local/neon/endpoint.ts";
import { startPostgres } from "../../infra/local/postgres/postgres.ts";
import { startFaultPlans } from "./fault-plan.ts";
import { serveBackend } from "./serve-backend.ts";

/** Every test's database is a copy of this one. */
const TEMPLATE = "eventhub_template";

/**
 * Test files that run at the same time keep the processors busy: parallel workers of one statement would only take processor time from the others.
 */
const SETTINGS = { max_parallel_workers_per_gather: "0", jit: "off" };

/**
 * Marks the heartbeats as always fresh, since the tests' systems have no crons and their histories are older than the database. Only the test of
 * heartbeats finds a silent cron.
 */
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
    // test/matrix sets another version of Postgres.
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
