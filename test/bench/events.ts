/**
 * `npm run bench:events` measures how much the check of events by the schema of their kind adds to an emit. It measures the CPU of everything that an
 * emit takes, in one run, for events of 1 and of 10 kB, alternating with and without a definition. The events match no route, so nothing is
 * delivered.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBareCall } from "../../infra/cli/script-call.ts";
import { readCpu } from "./stack/cpu.ts";
import { startOurs } from "./stack/ours.ts";
import { startBackend } from "./stack/start-backend.ts";
import { median } from "./statistics.ts";

readBareCall("bench:events", "What the check of events by their definition adds to an emit.");

const ROUNDS = 7;
const LOAD = { to: "NOWHERE", events: 2_000, perCall: 10, connections: 4 };
const KINDS = { without: "order.paid", with: "order.checked" };

await using resources = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), "eventhub-bench-events-"));
resources.defer(() => rm(directory, { recursive: true, force: true }));
const backend = await startBackend(directory);
resources.defer(() => backend.stop());
const system = await startOurs(directory, backend);
resources.defer(() => system.stop());

/** The CPU that an emitted event takes, in milliseconds: that of the Workers, and that of everything. */
async function emit(kind: string, bytes: number, round: number): Promise<{ workers: number; all: number }> {
  await system.reset();
  const used = () => readCpu({ workersGroup: system.dev.pid, postgres: backend.postgresPid, endpoint: backend.pid });
  const before = used();
  await system.emit({ ...LOAD, run: `${kind}-${bytes}-${round}`, kind, bytes });
  const after = used();
  const workers = ((after.workers - before.workers) / LOAD.events) * 1_000;
  const rest = ((after.postgres + after.endpoint - before.postgres - before.endpoint) / LOAD.events) * 1_000;
  return { workers, all: workers + rest };
}

for (const bytes of [1_000, 10_000]) {
  for (const kind of Object.values(KINDS)) await emit(kind, bytes, -1);
  const found = { without: [] as number[], with: [] as number[] };
  const workers = { without: [] as number[], with: [] as number[] };
  for (let round = 0; round < ROUNDS; round++)
    for (const which of ["without", "with"] as const) {
      const cpu = await emit(KINDS[which], bytes, round);
      found[which].push(cpu.all);
      workers[which].push(cpu.workers);
    }
  const ratio = (times: typeof found) => (median(times.with) / median(times.without)).toFixed(3);
  console.log(
    `${bytes / 1_000} kB: ${median(found.without).toFixed(3)} ms of CPU an event without a definition, ${ratio(found)} of that with one; of the Workers alone ${median(workers.without).toFixed(3)} ms, ${ratio(workers)} of that`,
  );
}
