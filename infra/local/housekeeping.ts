import { appendFile, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { printable } from "../../schema/text/printable.ts";
import type { StackPaths } from "./paths.ts";

/** How often the ticker does what the cron does in production. */
const TICK_MS = 5_000;
const JANITOR_MS = 2_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Ticks that fail in a row before somebody is told. */
const PATIENCE = 3;

/** Finished Workflow instances whose history is kept to look at: 3 open files each. */
const KEPT_INSTANCES = 300;
/** Instances one call deletes: the platform's limit. */
const FORGET_BATCH = 100;

/** What runs beside the Workers, and stops. */
export interface Housekeeping {
  stop(): Promise<void>;
}

/** Does once what the crons of hub and executor do. @throws If they do not answer, or fail. */
export async function reconcile(origin: string, signal?: AbortSignal): Promise<string> {
  return await (await post(`${origin}/local/reconcile`, undefined, signal)).text();
}

/** Reconciles now and every 5 s; when that keeps failing, `onTrouble` is told why. */
export function startTicker(origin: string, { stackLog }: StackPaths, onTrouble: (text: string) => void): Housekeeping {
  let failures = 0;
  return repeat(TICK_MS, stackLog, async (signal) => {
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

/** Deletes Workflow instances that have finished: the local engine keeps each one open, and at some thousand it has no files left. */
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

// An instance may still be at its last step when its rows are final: hence the three seconds.
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
      // A failure is the next turn's business: the Workers may be busy, or not there yet.
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
