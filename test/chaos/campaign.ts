import { setTimeout as sleep } from "node:timers/promises";
import { sweep } from "./act-on-instances.ts";
import { startBackend } from "./backend.ts";
import { startCollector } from "./collector.ts";
import { planDatabaseFaults } from "./database-fault-rates.ts";
import { playEpisodes, type Stage } from "./episodes.ts";
import { type Evidence, readEvidence } from "./evidence.ts";
import { GRACE_SECONDS } from "./grace.ts";
import { Journal } from "./journal.ts";
import { type Load, startLoad } from "./load.ts";
import { type CampaignOperator, HELD, startOperator } from "./operator.ts";
import type { CampaignOptions } from "./options.ts";
import { playSilence } from "./play-silence.ts";
import { Random } from "./random.ts";
import { readBack } from "./read-back.ts";
import { ask, repeat } from "./repeat.ts";
import { startWebhookReceiver } from "./webhook-receiver.ts";
import { type Control, startControl } from "./worker-faults.ts";
import { prepareWorkerd } from "./workerd.ts";

const RECONCILE_MS = 2_000;
const BACKSTOP_MS = 60_000;
/** The most runs of reconciling at once. */
const MAX_RUNS = 2;
const SWEEP_MS = 3_000;
const PROBE_MS = 250;
/** A Worker that does nothing answers within a few milliseconds. An answer that takes longer than this counts as a stall. */
const STALL_MS = 300;
/** The longest wait for the operator to complete what it has begun. */
const LAST_ACT_MS = 60_000;
const PROGRESS_MS = 5_000;

/**
 * The longest time from the end of all faults until everything is final. It covers the lease of a claim that nobody gives back (the longest timeout
 * and 90 s), the doubled waits of dispatches that were enqueued in vain during the longest storm, and the retries.
 */
export const RECOVERY_LIMIT_MS = 480_000;

export interface CampaignResult {
  evidence: Evidence;
  journal: Journal;
  /** From the end of all faults until everything was final, in milliseconds. */
  settledMs: number;
}

/** Runs load and faults for the requested time, then a quiet time until everything is final or the limit is reached. */
export async function runCampaign(
  options: CampaignOptions,
  directory: string,
  signal: AbortSignal,
): Promise<CampaignResult> {
  const { seed, seconds, rate, to, alarm, collector } = options;
  const random = (part: string) => new Random(`${seed}/${part}`);
  await using resources = new AsyncDisposableStack();
  const journal = new Journal();
  const databaseFaults = planDatabaseFaults(journal, random("database"));
  const backend = await startBackend(directory, databaseFaults);
  resources.defer(() => backend.remove());
  const control = await startControl(journal, random("workers"));
  resources.defer(() => control.stop());
  const webhooks = await startWebhookReceiver(journal);
  resources.defer(() => webhooks.stop());
  const traced = collector === undefined ? undefined : await startCollector(journal, random("collector"));
  resources.defer(() => traced?.stop());
  const variables = {
    ...(traced === undefined ? {} : { OTLP_ENDPOINT: traced.url, OTLP_SAMPLE_RATE: "1" }),
    DATABASE_URL: backend.url,
    DATABASE_ENDPOINT: backend.endpointUrl,
    CAMPAIGN_URL: control.url,
    WEBHOOK_URL: webhooks.url,
    WEBHOOK_SECRET: webhooks.secret,
    EVENTHUB_INSECURE_WEBHOOKS: "true",
    RECONCILE_GRACE_SECONDS: String(GRACE_SECONDS),
  };
  const workerd = await prepareWorkerd(directory, variables, { alarm });
  resources.defer(() => workerd.stop());
  await workerd.start();

  // Like the cron, this does not wait for the previous run: if one hangs, another joins it.
  let runs = 0;
  const reconciling = repeat(alarm ? BACKSTOP_MS : RECONCILE_MS, async () => {
    if (runs >= MAX_RUNS) return;
    runs += 1;
    void ask(`${workerd.origin}/reconcile`).then(
      () => (runs -= 1),
      () => (runs -= 1),
    );
  });
  resources.defer(() => reconciling.stop());
  const sweeping = repeat(SWEEP_MS, () => sweep(workerd.origin, control, journal));
  resources.defer(() => sweeping.stop());
  const probing = repeat(PROBE_MS, () => probe(workerd.origin, journal));
  resources.defer(() => probing.stop());
  const load = startLoad(workerd.origin, rate, random("load"), to);
  const operator = startOperator(workerd.origin, journal, random("operator"));
  resources.defer(() => operator.abandon());
  const stage: Stage = {
    backend,
    workerd,
    control,
    databaseFaults,
    webhooks,
    reconciling,
    journal,
    random: random("episodes"),
  };
  const started = Date.now();
  const progress = repeat(PROGRESS_MS, () => report(stage, load, started));
  resources.defer(() => progress.stop());

  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
  });
  const silent = alarm ? { ...stage, random: random("silence") } : undefined;
  const settledMs = await Promise.race([play(stage, load, operator, started + seconds * 1_000, silent), interrupted]);
  return { evidence: await readEvidence(backend.pool, journal, load.emissions), journal, settledMs };
}

/**
 * Plays faults until the time is over, then waits quietly until everything is final. Then plays faults in silence, on the stage for that. Returns how
 * long it took until everything was final, in milliseconds.
 */
async function play(
  stage: Stage,
  load: Load,
  operator: CampaignOperator,
  until: number,
  silent: Stage | undefined,
): Promise<number> {
  const { backend, control, databaseFaults, workerd, journal } = stage;
  await playEpisodes(stage, until);
  control.enabled = false;
  databaseFaults.enabled = false;
  const quiet = Date.now();
  await Promise.race([load.finish(), sleep(RECOVERY_LIMIT_MS)]);
  operator.clear();
  await untilFinal(stage, operator, quiet + RECOVERY_LIMIT_MS);
  await Promise.race([operator.stop(), sleep(LAST_ACT_MS)]);
  const settledMs = Date.now() - quiet;
  if (silent !== undefined) await playSilence(silent, load);
  await sweepAll(workerd.origin, control, journal);
  await readBack(workerd.origin, backend.pool, journal);
  return settledMs;
}

/** Waits until no dispatch is ongoing or held, and no key is paused. */
async function untilFinal({ backend }: Stage, operator: CampaignOperator, limit: number): Promise<void> {
  while (Date.now() < limit) {
    const { rows } = await backend.pool.query(
      `select 1 from eventhub.dispatches d where d.status = 'ongoing'
         or (d.destination = $1 and d.held and not exists (select from eventhub.dispatches r where r.retry_of = d.id)) limit 1`,
      [HELD],
    );
    if (rows.length === 0 && operator.paused.size === 0) return;
    await sleep(500);
  }
}

/** Looks once more at every instance that is left, to find those that ended `errored`. */
async function sweepAll(origin: string, control: Control, journal: Journal): Promise<void> {
  for (const id of control.instances.keys()) control.instances.set(id, 0);
  await sweep(origin, control, journal).catch(() => undefined);
}

/** Notes when even the simplest answer takes long: a call may then time out before it reaches its consumer. */
async function probe(origin: string, journal: Journal): Promise<void> {
  const from = Date.now();
  await fetch(origin, { signal: AbortSignal.timeout(30_000) }).then(
    (response) => response.text(),
    () => undefined,
  );
  const to = Date.now();
  if (to - from > STALL_MS) journal.stalls.push({ kind: "stall", from, to });
}

async function report({ backend, journal }: Stage, load: Load, started: number): Promise<void> {
  const { rows } = await backend.pool.query<{ status: string; n: number }>(
    "select status, count(*)::int as n from eventhub.dispatches group by 1 order by 1",
  );
  const faults = [...journal.faults.values()].reduce((sum, n) => sum + n, 0);
  const statuses = rows.map(({ status, n }) => `${n} ${status}`).join(", ");
  const seconds = Math.round((Date.now() - started) / 1_000);
  console.log(`${seconds} s: ${load.emissions.length} calls of emit; ${statuses}; ${faults} faults`);
}
