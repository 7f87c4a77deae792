import type { Client } from "pg";
import type { Browser } from "playwright-core";
import { Steps } from "../../browser/support/steps.ts";
import { type Beside, TASKS } from "../../browser/support/tasks.ts";

/** How long a task took. */
export interface TaskTiming {
  name: string;
  clicks: number;
  most: number;
  /** From the overview, which is already open, until the task is done. */
  ms: number;
}

/** An event of five days ago: the number of its order has an index, and another value of it has none. */
const OLD_EVENT = `
  select id, (payload ->> 'id')::int as number, payload -> 'items' -> 0 ->> 'note' as note from eventhub.events
  where created_at < now() - interval '5 days' and payload -> 'items' is not null order by id desc limit 1`;

/** No executor is at work here. Without this, everything that is due would be overdue and stand above the incidents. */
const NOTHING_OVERDUE = `
  update eventhub.dispatches set next_attempt_at = now() + interval '1 day' where status = 'ongoing' and next_attempt_at < now() + interval '1 hour'`;

/** Does the tasks of somebody on call, like a person who clicks without a pause. Returns the operation that the last task has begun. */
export async function runTasks(
  browser: Browser,
  origin: string,
  client: Client,
): Promise<{ timings: TaskTiming[]; operation: string }> {
  const { rows } = await client.query<{ id: string; number: number; note: string }>(OLD_EVENT);
  const [old] = rows;
  if (old === undefined) throw new Error("there is no event of five days ago");
  const beside: Beside = {
    order: { number: old.number, event: old.id },
    value: { path: "$.items[0].note", equals: old.note, event: old.id },
    incident: "upstream overloaded",
    typed: false,
  };
  await client.query(NOTHING_OVERDUE);
  const timings: TaskTiming[] = [];
  let operation = "";
  for (const { name, most, run } of TASKS) {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      await page.goto(origin);
      const steps = new Steps(page);
      const began = performance.now();
      await run(steps, beside);
      timings.push({ name, clicks: steps.count, most, ms: performance.now() - began });
      operation = /\/operations\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? operation;
    } finally {
      await context.close();
    }
  }
  return { timings, operation };
}
