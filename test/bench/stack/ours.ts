import type { Backend } from "./start-backend.ts";
import { makeSystem, type System } from "./system.ts";
import { startWorkers } from "./wrangler.ts";

const queue = { binding: "EVENTHUB_QUEUE", queue: "dispatches" };
const ALARM = { name: "EVENTHUB_ALARM", class_name: "Alarm" };
const CONSUMERS = { ONE: "Instant", FIVE: "Instant", SLOW: "Slow", FLAKY: "Flaky" } as const;

/** Destinations with limits or an order, which only our hub has. */
export const FLOWS = ["LIMITED", "FAIR", "ORDERED", "ORDERED_FEW"] as const;

/** The group sizes of destinations that differ from ONE and SLOW in nothing else. */
export const GROUP_SIZES = [16, 32, 64] as const;

/** The bindings of the routes' destinations: both systems have the same consumers. */
export const destinations = (batch: boolean) =>
  Object.entries(CONSUMERS)
    .flatMap(([name, entrypoint]) => [[name, entrypoint], ...(batch ? [[`${name}_BATCH`, entrypoint]] : [])])
    .flatMap(([name = "", entrypoint]) =>
      (name.startsWith("FIVE") ? [1, 2, 3, 4, 5].map((n) => `${name}_${n}`) : [name]).map((binding) => ({
        binding,
        service: "consumers",
        entrypoint,
      })),
    );

/** The smallest UUIDv7 of the moment `$1`. The query uses the primary key, since it must stay cheap with a million rows. */
const FIRST_ID =
  "(lpad(to_hex((extract(epoch from $1::timestamptz) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid";

/**
 * Our hub and executor as they are deployed, with the floor's Worker.
 *
 * @param variables Further settings of hub and executor; default none.
 */
export async function startOurs(
  directory: string,
  backend: Backend,
  variables: Readonly<Record<string, string>> = {},
): Promise<System> {
  const vars = { DATABASE_URL: backend.oursUrl, DATABASE_ENDPOINT: backend.endpointUrl, ...variables };
  const dev = await startWorkers(directory, [
    {
      name: "producer",
      main: "producer.ts",
      vars: { SYSTEM: "ours" },
      services: [
        { binding: "EVENTHUB", service: "hub" },
        { binding: "EXECUTOR", service: "executor" },
        { binding: "CONSUMERS", service: "consumers" },
        { binding: "FLOOR", service: "floor" },
      ],
    },
    {
      name: "hub",
      main: "hub.ts",
      vars,
      queues: { producers: [queue] },
      durable_objects: { bindings: [ALARM] },
      migrations: [{ tag: "v1", new_sqlite_classes: [ALARM.class_name] }],
    },
    {
      name: "executor",
      main: "executor.ts",
      vars,
      queues: {
        producers: [queue],
        // The same values as in workers/executor/wrangler.jsonc.
        consumers: [{ queue: queue.queue, max_batch_size: 100, max_batch_timeout: 0, max_retries: 20 }],
      },
      workflows: [{ name: "dispatch", binding: "DISPATCH", class_name: "Dispatch" }],
      durable_objects: { bindings: [{ ...ALARM, script_name: "hub" }] },
      services: [
        ...destinations(true),
        ...GROUP_SIZES.flatMap((size) =>
          (["ONE", "SLOW"] as const).map((name) => ({
            binding: `${name}_IN_${size}`,
            service: "consumers",
            entrypoint: CONSUMERS[name],
          })),
        ),
        ...FLOWS.map((binding) => ({ binding, service: "consumers", entrypoint: "Instant" })),
      ],
    },
    { name: "consumers", main: "consumers.ts" },
    {
      name: "floor",
      main: "floor.ts",
      vars,
      services: [{ binding: "CONSUMER", service: "consumers", entrypoint: "Instant" }],
      queues: {
        producers: [{ binding: "BARE_QUEUE", queue: "bare" }],
        consumers: [{ queue: "bare", max_batch_size: 100, max_batch_timeout: 0 }],
      },
      workflows: [{ name: "empty", binding: "EMPTY", class_name: "Empty" }],
    },
  ]);
  return makeSystem("ours", dev, backend.oursUrl, {
    progress: `
      select /* bench */ count(*)::int as done, (count(*) filter (where status = 'complete'))::int as complete, max(resulted_at) as last
      from eventhub.dispatches where id >= ${FIRST_ID} and status <> 'ongoing'`,
    empty:
      "truncate eventhub.events, eventhub.dispatches, eventhub.executions, eventhub.flow_destinations, eventhub.flow_keys, eventhub.flights",
  });
}
