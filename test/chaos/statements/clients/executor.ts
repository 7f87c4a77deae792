import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ClaimedRow,
  claimDispatches,
  type Member,
} from "../../../../schema/queries/dispatches/claim-dispatches.ts";
import { type ExecutionRecord, recordExecutions } from "../../../../schema/queries/dispatches/record-executions.ts";
import { handOver } from "../../../../schema/queries/dispatches/replace-or-lose.ts";
import type { Random } from "../../random.ts";
import type { Client, Deed } from "../world.ts";

/** The most dispatches of one claim, and the lease of each: short, so that reconciling has something to do. */
const MAX_MEMBERS = 12;
const LEASE_SECONDS = 0.5;

type Mine = Extract<ClaimedRow, { answer: "mine" }>;

interface Found extends Member {
  instance_id: string | null;
}

/** A step of a Workflow: claims some ongoing dispatches, calls, and records. Or it dies before that, or reports its results late or twice. */
export const deliver: Deed = async (client) => {
  const { random, database } = client;
  const found = await findOngoing(client);
  if (found.length === 0) return;
  // A queue's hint names a new instance, and an instance that continues is the owner. Some are neither.
  const owner = found.find(({ instance_id }) => instance_id !== null)?.instance_id ?? undefined;
  const instanceId = owner !== undefined && random.chance(0.7) ? owner : `instance ${random.integer(1, 200)}`;
  const members = found.map(({ id, generation }) => ({ id, generation }));
  const mine = await claim(client, members, instanceId);
  if (random.chance(0.1)) return;
  await sleep(random.integer(0, 40));
  const records = mine.rows.map((row) => recordOf(row, mine.token, random));
  if (records.length > 0) {
    const parts = random.chance(0.3) ? [records.slice(0, 2), records.slice(2)] : [records];
    await Promise.all(
      parts.filter((part) => part.length > 0).map((part) => database.run(recordExecutions(part, instanceId))),
    );
    if (random.chance(0.1)) await database.run(recordExecutions(records, instanceId));
  }
  if (random.chance(0.15)) await database.run(handOver(members, instanceId));
};

/**
 * Finds dispatches of one destination or of several, in any order. Sometimes it finds the dispatches with which breakers probe, as their message
 * would.
 */
async function findOngoing({ admin, random }: Client): Promise<Found[]> {
  const which = random.chance(0.15) ? "and id in (select probe_dispatch from eventhub.destinations)" : "";
  const { rows } = await admin.query<Found>(
    `select id, generation, instance_id from (
       select id, generation, instance_id from eventhub.dispatches where status = 'ongoing' ${which}
       order by next_attempt_at offset $1 limit $2) oldest order by hashtext(id::text || $3)`,
    [which === "" ? random.integer(0, 60) : 0, random.integer(1, MAX_MEMBERS), String(random.next())],
  );
  return rows;
}

async function claim(client: Client, members: Member[], instanceId: string): Promise<{ rows: Mine[]; token: string }> {
  const { database, findings, pauses } = client;
  const token = randomUUID();
  const asked = { members, instanceId, workflow: "DISPATCH", token, leaseSeconds: LEASE_SECONDS };
  const answers = await database.run(claimDispatches(asked));
  const { from, to } = database.committed;
  for (const { answer } of answers) findings.count(`claim: ${answer}`);
  const rows = answers.filter((row) => row.answer === "mine");
  for (const { id, destination } of rows) {
    const pause = pauses.during(destination, from, to);
    if (pause === undefined) continue;
    const late = Math.round(from - pause.from);
    findings.violated("paused", `dispatch ${id} of ${destination} was claimed ${late} ms after its pause was answered`);
  }
  return { rows, token };
}

/** Every destination with a breaker fails all calls for this long, and then works for as long. In milliseconds. */
const ILL_MS = 2_500;
const BREAKERS: readonly string[] = ["GAMMA", "DELTA"];

function recordOf(row: Mine, claim: string, random: Random): ExecutionRecord {
  const ill = BREAKERS.includes(row.destination) && Math.floor(performance.now() / ILL_MS) % 2 === 1;
  const result = (ill ? undefined : random.pick({ complete: 0.4, ignored: 0.05, misconfigured: 0.03 })) ?? "failed";
  const again = result === "failed" && row.attempts < row.max_retries;
  return {
    dispatchId: row.id,
    attempt: row.attempts + 1,
    claim,
    result,
    reason: result === "failed" ? "by chance" : null,
    startedAt: new Date(Date.now() - 20).toISOString(),
    finishedAt: new Date().toISOString(),
    status: again ? "ongoing" : result,
    delaySeconds: again && random.chance(0.5) ? random.next() * 0.5 : 0,
    decisive: !again && result !== "failed",
  };
}
