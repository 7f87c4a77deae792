/**
 * Starts the parts of the local stack: a Postgres on the data in the first argument and, if there is a second argument, a `wrangler dev` with the
 * configuration that it names. Prints in one line of JSON where they are, and stays: for tests of what remains when this process is killed.
 */
import { join } from "node:path";
import { findFreePort } from "../../infra/local/free-port.ts";
import { startPostgres } from "../../infra/local/postgres/postgres.ts";
import { startWranglerDev } from "../../infra/local/workers/wrangler-dev.ts";

const [directory = "", config] = process.argv.slice(2);
const kept = await startPostgres({ dataDir: join(directory, "postgres") });
const temporary = await startPostgres();
const workers = config === undefined ? undefined : await startWorkers(config);
console.log(JSON.stringify({ kept, temporary, ...workers }));
setInterval(() => undefined, 60_000);

async function startWorkers(configuration: string) {
  const port = await findFreePort();
  const { pid: leader } = await startWranglerDev({
    configurations: [configuration],
    port,
    state: join(directory, "state"),
    registry: join(directory, "registry"),
    log: join(directory, "workers.log"),
  });
  return { port, leader };
}
