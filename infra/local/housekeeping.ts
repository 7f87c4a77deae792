import { appendFile, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { printable } from "../../schema/text/printable.ts";
import type { StackPaths } from "./paths.ts";

/** How often the ticker does the work of the crons. In production, they run every minute without an alarm, and as its backstop with one. */
const TICK_MS = 5_000;
const BACKSTOP_MS = 60_000;
const JANITOR_MS = 2_000;
const PUSH_MS = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** After this many failed ticks in a row, somebody is told. */
const PATIENCE = 3;

/** How many finished Workflow instances keep their history, for people to look at: each takes 3 open files. */
const KEPT_INSTANCES = 300;
/** How many instances one call deletes: the platform's limit. */
const FORGET_BATCH = 100;

/** Work beside the Workers that can be stopped. */
export interface Housekeeping {
  stop(): Promise<void>;
}

/** Does the work of hub's and executor's crons once. @throws If they do not answer, or fail. */
export async function reconcile(origin: string, signal?: AbortSignal): Promise<string> {
  return await (await post(`${origin}/local/reconcile`, undefined, signal)).text();
}

/** Reconciles now and every 5 s, or every minute if there is an `alarm`. If that keeps failing, `onTrouble` gets the reason. */
export function startTicker(
  origin: string,
  { stackLog }: StackPaths,
  { alarm, onTrouble }: { alarm: boolean; onTrouble: (text: string) => void },
): Housekeeping {
  let failures = 0;
  return repeat(alarm ? BACKSTOP_MS : TICK_MS, stackLog, async (signal) => {
    try {
      const text = await reconcile(origin, signal);
      failures = 0;
      await note(stackLog, "reconcile", text);
    } catch (error) {
      failures += 1;
      if (failures === PATIENCE) onTrouble(`reconciling keeps failing: ${messageOf(error)} (see ${stackLog})`);
      throw error;
    }
  });
}

/** Makes the metrics Worker push every minute, as its cron does in production. */
export function startPusher(origin: string, { stackLog }: StackPaths): Housekeeping {
  return repeat(PUSH_MS, stackLog, async (signal) => {
    const answer = await post(`${origin}/local/push`, undefined, signal);
    await note(stackLog, "push", await answer.text());
  });
}

/** Deletes finished Workflow instances. The local engine keeps each one open, and runs out of files after some thousand. */
export function startJanitor(origin: string, pool: Pool, { janitor, stackLog }: StackPaths): Housekeeping {
  return repeat(JANITOR_MS, stackLog, async (signal) => {
    const since = await readMark(janitor);
    const { rows } = await pool.query<{ id: string; mark: string }>(FINISHED_INSTANCES, [since, KEPT_INSTANCES]);
    for (let i = 0; i < rows.length && !signal.aborted; i += FORGET_BATCH) {
      const batch = rows.slice(i, i + FORGET_BATCH);
      await post(`${origin}/local/forget`, { instances: batch.map(({ id }) => id) }, signal);
      await writeFile(janitor, JSON.stringify({ since: batch.at(-1)?.mark }));
    }
  });
}

// When its rows are final, an instance may still be at its last step; so this waits three seconds.
const FINISHED_INSTANCES = `
  with recent as (
    select id, instance_id, resulted_at from eventhub.dispatches
    where resulted_at < now() - interval '3 seconds' and ($1::timestamptz is null or resulted_at >= $1)
  ), instances as (
    select instance_id as id, resulted_at from recent
    union all
    select e.instance_id, r.resulted_at from eventhub.executions e join recent r on r.id = e.dispatch_id
  ), finished as (
    select id, max(resulted_at) as mark from instances i
    where id is not null
      and not exists (select from eventhub.dispatches d where d.status = 'ongoing' and d.instance_id = i.id)
    group by id
    order by mark desc
    offset $2
  )
  select id, to_char(mark at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as mark from finished f order by f.mark`;

async function readMark(file: string): Promise<string | null> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  return (JSON.parse(text) as { since?: string }).since ?? null;
}

async function post(url: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.any([AbortSignal.timeout(REQUEST_TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]),
  });
  if (response.ok) return response;
  throw new Error(`${url}: HTTP ${response.status} ${(await response.text()).slice(0, 300)}`);
}

function repeat(intervalMs: number, log: string, task: (signal: AbortSignal) => Promise<void>): Housekeeping {
  const { signal, abort } = abortable();
  const done = (async () => {
    while (!signal.aborted) {
      // A failure is left to the next turn: the Workers may be busy, or not up yet.
      await task(signal).catch((error) => (signal.aborted ? undefined : note(log, "failed", messageOf(error))));
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop: () => {
      abort();
      return done;
    },
  };
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

async function note(log: string, what: string, text: string): Promise<void> {
  await appendFile(log, `${new Date().toISOString()} ${what} ${printable(text)}\n`).catch(() => undefined);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
