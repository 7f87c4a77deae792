import { afterAll, beforeAll, expect, test } from "vitest";
import { EXPORT_TIMEOUT_MS } from "../../schema/vocabulary/limits.ts";
import { type Collector, type CollectorMood, startCollector } from "../support/collector.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

/** A collector that is down, slow or hostile costs its spans, and nothing else. */

const EVENTS = 4;

let collector: Collector;
let system: System;
/** How long deliveries take while all is well, in milliseconds. */
let usual: number;
beforeAll(async () => {
  collector = await startCollector();
  const otlp = { OTLP_ENDPOINT: collector.origin };
  system = await startSystem({ hubVars: otlp, executorVars: otlp });
  usual = await delivered();
});
afterAll(async () => {
  await system?.stop();
  collector?.close();
});

/**
 * Emits events one after the other, each to a group, a batch, and destinations with limits, and waits for all of them. Checks that each was delivered
 * with one attempt. Returns the shortest time, in milliseconds, from an emit to its last result.
 */
async function delivered(): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < EVENTS; n++) {
    const { events } = await system.emit([
      { to: "SCRIPTED" },
      { to: "BATCH" },
      { to: "RATED" },
      { to: "ORDERED", order: n },
    ]);
    const rows = (await system.settledEach(events)).flat();
    for (const row of rows) expect(row).toMatchObject({ status: "complete", attempts: 1 });
    times.push(Math.max(...rows.map((row) => (row.resulted_at?.getTime() ?? 0) - row.created_at.getTime())));
  }
  return Math.min(...times);
}

const dropped = () =>
  system.harness
    .getLogs()
    .map(({ message }) => message)
    .filter((line) => line.includes('"trace.spans_dropped"'))
    .map((line) => JSON.parse(line) as { spans: number; error: string });

test("while a collector takes spans, each is there", async () => {
  const dispatches = await system.database.query<{ count: string }>("select count(*) from eventhub.dispatches");
  const expected = Number(dispatches[0]?.count) + EVENTS;
  await eventually(async () => (collector.spans.length === expected ? true : undefined), `${expected} spans are there`);
  expect(collector.faults).toEqual([]);
  expect(dropped()).toEqual([]);
});

test.each<CollectorMood>(["silent", "endless", "unavailable"])(
  "a collector that is %s delays nothing and loses nothing",
  async (mood) => {
    collector.mood = mood;
    const slower = await delivered();
    // Anything that waited for it would have waited for its whole time.
    expect(slower - usual).toBeLessThan(EXPORT_TIMEOUT_MS / 2);
    const instances = await system.database.query<{ id: string }>(
      "select distinct instance_id as id from eventhub.dispatches where instance_id is not null order by 1 desc limit 5",
    );
    const { DISPATCH } = await system.harness
      .getWorker<{ DISPATCH: { get(id: string): Promise<{ status(): Promise<{ status: string }> }> } }>("executor")
      .getEnv();
    for (const { id } of instances) {
      await eventually(
        async () => ((await (await DISPATCH.get(id)).status()).status === "complete" ? true : undefined),
        `the instance ${id} is complete`,
      );
    }
    if (mood === "endless") return;
    const lines = await eventually(async () => (dropped().length > 0 ? dropped() : undefined), "it is said in the log");
    expect(lines.every(({ spans }) => spans > 0)).toBe(true);
  },
);
