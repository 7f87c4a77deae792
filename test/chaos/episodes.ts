import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseFault } from "../support/inject-database-fault.ts";
import type { Place } from "../workers/chaos/wire.ts";
import { actOnInstances } from "./act-on-instances.ts";
import type { Backend } from "./backend.ts";
import type { DatabaseFaults } from "./database-fault-rates.ts";
import { DESTINATIONS } from "./destinations.ts";
import type { Journal } from "./journal.ts";
import type { Random } from "./random.ts";
import { ask, type Repeated } from "./repeat.ts";
import type { WebhookReceiver } from "./webhook-receiver.ts";
import type { Control } from "./worker-faults.ts";
import type { Workerd } from "./workerd.ts";

/** Everything that an episode may change. */
export interface Stage {
  backend: Backend;
  workerd: Workerd;
  control: Control;
  databaseFaults: DatabaseFaults;
  webhooks: WebhookReceiver;
  reconciling: Repeated;
  journal: Journal;
  random: Random;
}

/** The long faults, one after another, each with its weight. */
const WEIGHTS = {
  "workerd killed": 0.18,
  "workerd frozen": 0.08,
  "database stopped": 0.06,
  "database crashed": 0.06,
  "database outage": 0.1,
  "creation storm": 0.07,
  "false creations": 0.05,
  "queue loses all": 0.05,
  "queue refuses": 0.05,
  "consumers gone": 0.05,
  "destinations refuse": 0.05,
  "webhooks go away": 0.05,
  "reconciling stops": 0.05,
  "destination paused": 0.04,
  "instances acted on": 0.06,
};
type Episode = keyof typeof WEIGHTS;

/** Plays episodes until the time is over. */
export async function playEpisodes(stage: Stage, until: number): Promise<void> {
  const { random, journal } = stage;
  while (Date.now() < until) {
    await sleep(random.integer(4_000, 15_000));
    const kind = random.pick(WEIGHTS) ?? "workerd killed";
    journal.count(kind);
    const from = Date.now();
    await EPISODES[kind](stage);
    journal.outages.push({ kind, from, to: Date.now() });
  }
}

const EPISODES: Record<Episode, (stage: Stage) => Promise<void>> = {
  "workerd killed": async ({ workerd, backend, control, journal, random }) => {
    journal.deaths.push({ at: Date.now(), kind: "kill" });
    await workerd.kill();
    journal.deaths.push({ at: Date.now(), kind: "kill" });
    await sleep(random.integer(0, 4_000));
    // Like the local stack at its start: this executor is known to be dead. Elsewhere, its leases must run out.
    await backend.pool.query(
      "update eventhub.dispatches set lease_until = now() where status = 'ongoing' and lease_until > now()",
    );
    if (random.chance(0.3)) {
      control.storms.set("workflow.version", `v${Date.now()}`);
      journal.count("workflow: other step names");
    }
    await workerd.start();
  },
  "workerd frozen": ({ workerd, random }) => workerd.freeze(random.integer(1_000, 12_000)),
  "database stopped": (stage) => withoutDatabase(stage, "fast"),
  "database crashed": (stage) => withoutDatabase(stage, "immediate"),
  "database outage": async ({ databaseFaults, random }) => {
    databaseFaults.outage = random.one<DatabaseFault>([
      "refuse",
      "cut",
      "cut after",
      "hang",
      "hang after",
      "error 500",
    ]);
    await sleep(random.integer(3_000, 30_000));
    databaseFaults.outage = undefined;
  },
  "creation storm": (stage) => storm(stage, "instances.create", ["429", "empty", "late"], [10_000, 150_000]),
  "false creations": (stage) => storm(stage, "instances.create", ["false success"], [3_000, 15_000]),
  "queue loses all": (stage) => storm(stage, "queue.send", ["drop"], [5_000, 20_000]),
  "queue refuses": (stage) => storm(stage, "queue.send", ["refuse", "refuse after"], [5_000, 20_000]),
  "consumers gone": (stage) => storm(stage, "consumer", ["gone"], [2_000, 8_000]),
  "destinations refuse": (stage) => storm(stage, "destination", ["refuse", "refuse after"], [2_000, 8_000]),
  "webhooks go away": async ({ webhooks, journal, random }) => {
    const from = Date.now();
    await webhooks.goAway();
    await sleep(random.integer(1_000, 10_000));
    await webhooks.comeBack();
    journal.absences.push({ kind: "WEBHOOK", from, to: Date.now() });
  },
  "reconciling stops": async ({ reconciling, random }) => {
    reconciling.paused = true;
    await sleep(random.integer(15_000, 45_000));
    reconciling.paused = false;
  },
  "destination paused": async ({ backend, random }) => {
    const name = random.one(Object.keys(DESTINATIONS));
    // The executor may have a row of it already: it notes how large its groups may be.
    await backend.pool.query(
      "insert into eventhub.destinations (name, paused_at) values ($1, now()) on conflict (name) do update set paused_at = now()",
      [name],
    );
    await sleep(random.integer(3_000, 15_000));
    await backend.pool.query("update eventhub.destinations set paused_at = null where name = $1", [name]);
  },
  "instances acted on": async ({ workerd: { origin }, backend: { pool }, journal, random }) => {
    const act = random.one(["pause", "terminate", "restart", "delete"] as const);
    const acted = await actOnInstances(act, { origin, pool, journal, random });
    if (act !== "pause") return;
    await sleep(random.integer(1_000, 10_000));
    for (const id of acted) await ask(`${origin}/instance`, { id, act: "resume" }).catch(() => undefined);
  },
};

async function withoutDatabase({ backend, random }: Stage, mode: "fast" | "immediate"): Promise<void> {
  await backend.takeAway(mode);
  await sleep(random.integer(1_000, 15_000));
  await backend.bringBack();
}

async function storm({ control, random }: Stage, place: Place, faults: string[], [min, max]: [number, number]) {
  control.storms.set(place, random.one(faults));
  await sleep(random.integer(min, max));
  control.storms.delete(place);
}
