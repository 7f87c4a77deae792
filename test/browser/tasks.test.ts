import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { seed } from "../../infra/cli/seed.ts";
import { insertHistory } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { Steps } from "./support/steps.ts";
import { type Beside, TASKS } from "./support/tasks.ts";

const MINUTE = 60_000;

/** Made-up history of a week; `npm run bench:console` does the same tasks with a million dispatches. */
const DISPATCHES = 20_000;

let console: ConsoleUnderTest;
let beside: Beside;
beforeAll(async () => {
  console = await startConsole({ ENVIRONMENT_PRODUCTION: "true", CONFIRM_ABOVE: "20" });
  const { database } = console.system;
  await seed({ url: database.url, dispatches: DISPATCHES, days: 7 });
  await migrate(database.url, { indexes: { paths: ["$.id"], dropOthers: false } });
  const reason = "HTTP 503 from the warehouse: closed for stocktaking";
  await insertHistory(
    database,
    Array.from({ length: 60 }, (_, index) => ({
      status: "failed",
      reason,
      at: new Date(Date.now() - (index + 1) * MINUTE),
    })),
  );
  const [old] = await database.query<{ id: string; number: number; note: string }>(
    `select id, (payload ->> 'id')::int as number, payload -> 'items' -> 0 ->> 'note' as note from eventhub.events
     where created_at < now() - interval '5 days' order by id desc limit 1`,
  );
  if (old === undefined) throw new Error("there is no event of five days ago");
  beside = {
    order: { number: old.number, event: old.id },
    value: { path: "$.items[0].note", equals: old.note, event: old.id },
    incident: "closed for stocktaking",
    typed: true,
  };
});
afterAll(() => console.stop());

test.each(TASKS)("somebody on call can $name in at most $most clicks, beside many others", async ({ most, run }) => {
  const steps = new Steps(await console.open("/"));
  await run(steps, beside);
  expect(steps.count).toBeLessThanOrEqual(most);
});

test("the retry of an incident took all of its dispatches and no others", async () => {
  const made = await console.system.database.query(
    `select o.action, f.reason, count(*)::int as dispatches from eventhub.dispatches d
     join eventhub.operations o on o.id = d.operation_id join eventhub.dispatches f on f.id = d.retry_of group by 1, 2`,
  );
  expect(made).toEqual([
    { action: "retry_dispatches", reason: "HTTP 503 from the warehouse: closed for stocktaking", dispatches: 60 },
  ]);
});
