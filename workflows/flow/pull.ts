import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import { type Destination, isBatch } from "../../schema/config/destinations/index.ts";
import type { Database } from "../../schema/database/connection.ts";
import type { ExecutionRecord } from "../../schema/queries/dispatches/record-executions.ts";
import { noteBegun, type Taken, type TakenRow } from "../../schema/queries/flow/take.ts";
import { errorText, log } from "../../schema/text/log.ts";
import { MAX_CALLS_IN_FLIGHT, MAX_WAIT_IN_STEP_MS, SMALL_GROUP_SIZE } from "../../schema/vocabulary/limits.ts";
import { type Attempting, attemptAll } from "../attempt.ts";
import { RetryLater } from "../backoff.ts";
import { databaseClock } from "../database-clock.ts";
import { sizeOf } from "../group.ts";
import { rememberSize } from "../hand-over.ts";
import { learnedSizeOf } from "../learned-sizes.ts";
import type { Progress } from "../leave.ts";
import type { Outcome } from "../outcome.ts";
import { type Delivered, type HistoryRecord, historyOf, logAttempts, STEP_BUDGET_SECONDS } from "../round.ts";
import { ALL_AT_ONCE } from "../waves.ts";
import { type Landed, makeTurn, type Refused, type Turn } from "./turn.ts";

/** After so many milliseconds nothing more is taken in a step: what is called then has its whole timeout. */
export const LAST_TAKE_MS = 10_000;

/** How long a result waits at most for others to be recorded with, in milliseconds: not as long as half of those under way have landed. */
const TOGETHER_MS = 20;

/** Calls in one step, one a dispatch. Where consumers take batches a step has as many calls as elsewhere a group has members. */
const CALLS_IN_STEP = 100;

/** Least wait between two turns of which the first has found nothing, in milliseconds. */
const MIN_TURN_MS = 20;

/** How often an instance whose calls take long looks for what has come meanwhile, in milliseconds. */
const LOOK_MS = 500;

/** How long an instance must have been full, or have had more to take each time that it took, before it asks for another, in milliseconds. */
const FULL_MS = 100;

/** How long it waits for what it has asked for, in milliseconds. */
const ASK_AGAIN_MS = 500;

/** What a step of pulling needs to know. */
export interface Pulling extends Attempting {
  database: Database;
  instanceId: string;
  workflow: string;
  /** The destination's name, how it is configured, and its limits. */
  name: string;
  destination: Destination | undefined;
  limits: FlowRules;
  /** Asks for another Workflow instance, where those that are there are not enough. Never throws. */
  startMore(): Promise<void>;
}

/** What a step has done; `spent`: the instance may make no more calls, and another goes on. */
export type Pulled = Delivered & { spent?: boolean };

/**
 * One engine attempt of an instance that delivers what it finds: takes what may be called, in turn, calls it when the rate allows, and with each
 * result that lands records it and takes the next; until the step's calls or time end, or nothing is left.
 * @throws RetryLater if there is more to do for this instance, and all results are recorded; DatabaseError if nothing could be taken.
 */
export async function pull(pulling: Pulling): Promise<Pulled> {
  const step = new Step(pulling);
  return step.run();
}

class Step {
  readonly #pulling: Pulling;
  readonly #startedAt = performance.now();
  readonly #history: HistoryRecord[] = [];
  readonly #records: ExecutionRecord[] = [];
  readonly #causes = new Set<string>();
  #landed: Landed[] = [];
  #refused: Refused[] = [];
  /** What the platform has borne of this step, and its words where it refused a call: then nothing more is taken in this instance. */
  readonly #progress: Progress = { begun: 0, borne: 0 };
  #wake: (() => void) | undefined;
  #calls = 0;
  #underWay = 0;
  #begins = true;
  /** Since when there was always more than could be taken, and when another instance was asked for. */
  #fullAt: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** One that an executor has died with is under way. */
  #alone = false;
  #trouble: { error: unknown } | undefined;
  readonly #size: number;
  readonly #most: number;

  constructor(pulling: Pulling) {
    this.#pulling = pulling;
    this.#most = Math.min(CALLS_IN_STEP, learnedSizeOf(pulling.name));
    this.#size = sizeOf(pulling.destination);
  }

  async run(): Promise<Pulled> {
    try {
      return await this.#deliver();
    } finally {
      logAttempts(this.#records, this.#causes, this.#pulling.instanceId);
    }
  }

  async #deliver(): Promise<Pulled> {
    let last: Taken | undefined;
    for (;;) {
      if (this.#trouble !== undefined) return this.#giveUp([], this.#trouble.error);
      const room = this.#room();
      if (room === 0 && this.#landed.length === 0 && this.#refused.length === 0 && this.#underWay > 0) {
        await this.#next(this.#askForMore(last));
        continue;
      }
      const landed = this.#landed;
      const refused = this.#refused;
      this.#landed = [];
      this.#refused = [];
      const token = crypto.randomUUID();
      const began = performance.now();
      let turned: Awaited<ReturnType<typeof makeTurn>>;
      try {
        turned = await this.#turn({ landed, refused }, room, token);
      } catch (error) {
        return this.#giveUp(landed, error);
      }
      for (const { record } of landed) this.#keep(record);
      if (turned.taken !== undefined) {
        last = turned.taken;
        this.#begins = false;
      }
      this.#call(turned.rows, token);
      if (last?.more !== true) this.#fullAt = undefined;
      // Where the database takes that long, others would only wait as well.
      else if (performance.now() - began < FULL_MS) this.#askForMore(last);
      const waitMs = this.#waitAfter(last);
      if (waitMs === undefined) return await this.#end();
      await this.#next(waitMs);
      await this.#together();
    }
  }

  /** All is recorded. After a refusal another instance goes on, with fewer calls in a step. */
  async #end(): Promise<Pulled> {
    const { words, borne } = this.#progress;
    const pulled = { records: this.#history, unrecorded: [], remaining: [] };
    if (words === undefined) return pulled;
    const { database, instanceId, name } = this.#pulling;
    log("warn", "instance.handed_over", { instanceId, dispatches: 0, cause: "refused", platform: words });
    await rememberSize(database, name, Math.max(SMALL_GROUP_SIZE, borne), words);
    return { ...pulled, spent: true };
  }

  /** How many calls may begin: none while a batch is out, or when the step's calls or its time have ended. */
  #room(): number {
    if (this.#alone || this.#progress.words !== undefined || performance.now() - this.#startedAt > LAST_TAKE_MS)
      return 0;
    if (isBatch(this.#pulling.destination))
      return this.#underWay > 0 || this.#calls >= MAX_CALLS_IN_FLIGHT ? 0 : this.#size;
    return Math.max(0, Math.min(this.#size - this.#underWay, this.#most - this.#calls));
  }

  #turn(ended: Pick<Turn, "landed" | "refused">, room: number, token: string) {
    const { database, instanceId, workflow, name: destination, limits: rules } = this.#pulling;
    const common = { destination, rules, instanceId };
    if (room === 0) return makeTurn(database, { ...common, ...ended });
    const of = { underWay: this.#underWay, begins: this.#begins };
    return makeTurn(database, {
      ...common,
      ...ended,
      next: { ...common, ...of, workflow, token, room, budgetSeconds: STEP_BUDGET_SECONDS },
    });
  }

  /**
   * How long to wait for a result before the next turn, in milliseconds; `undefined`: this instance has nothing more to do.
   * @throws RetryLater where the engine is to wait, or to begin anew.
   */
  #waitAfter(last: Taken | undefined): number | undefined {
    if (this.#landed.length > 0 || this.#refused.length > 0) return 0;
    if (this.#progress.words !== undefined && this.#underWay === 0) return undefined;
    const over = this.#room() === 0;
    const nextMs = last?.more === true ? 0 : (last?.nextMs ?? Number.POSITIVE_INFINITY);
    // There is room for more: it comes with the next result, or with time.
    if (this.#underWay > 0) return over ? 0 : Math.max(Math.min(nextMs, LOOK_MS), MIN_TURN_MS);
    // All is recorded. A step that has made its calls begins anew, and finds out whether there is more.
    if (over) throw new RetryLater(0, JSON.stringify(this.#history));
    if (last?.more === true) return MIN_TURN_MS;
    if (last?.pace !== true) return undefined;
    if (nextMs > MAX_WAIT_IN_STEP_MS) throw new RetryLater(nextMs, JSON.stringify(this.#history));
    return Math.max(nextMs, MIN_TURN_MS);
  }

  /** Asks for another instance if there has been more than this one could take for long enough. Says when to ask again, in milliseconds. */
  #askForMore(last: Taken | undefined): number {
    if (last?.more !== true) return Number.POSITIVE_INFINITY;
    const now = performance.now();
    this.#fullAt ??= now;
    const at = Math.max(this.#fullAt + FULL_MS, this.#askedAt + ASK_AGAIN_MS);
    if (now < at) return at - now;
    this.#askedAt = now;
    void this.#pulling.startMore();
    return ASK_AGAIN_MS;
  }

  /** Lets those that land at about the same time share a transaction. */
  async #together(): Promise<void> {
    const until = performance.now() + TOGETHER_MS;
    while (this.#landed.length > 0 && this.#landed.length < this.#underWay) {
      const waitMs = until - performance.now();
      if (waitMs <= 0) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, waitMs);
      });
    }
  }

  /** Waits for a result, so many milliseconds at most. */
  async #next(waitMs: number): Promise<void> {
    if (this.#landed.length > 0 || waitMs <= 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (Number.isFinite(waitMs)) timer = setTimeout(resolve, waitMs);
    });
    if (timer !== undefined) clearTimeout(timer);
    this.#wake = undefined;
  }

  /** Calls what was taken: each at its time, or all together where the consumer takes batches. */
  #call(rows: readonly TakenRow[], claim: string): void {
    if (rows.length === 0) return;
    this.#underWay += rows.length;
    this.#alone = rows.some(({ alone }) => alone);
    const batch = isBatch(this.#pulling.destination);
    this.#calls += batch ? 1 : rows.length;
    const heardAt = performance.now();
    const [first] = rows;
    const clock = databaseClock(first?.claimed_at ?? 0);
    for (const together of batch ? [rows] : rows.map((row) => [row])) {
      const start = Math.max(...together.map(({ start_ms }) => start_ms));
      let left = together.length;
      const calling = async () => {
        const wait = heardAt + start - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const begun = await Promise.all(together.map((row) => this.#begun(row, claim)));
        const onLeft = (rows: readonly { id: string }[]) => {
          left -= rows.length;
          this.#giveBack(rows, claim);
        };
        // Alone the platform's words are the destination's failure: it may say them itself, and for ever.
        const sharing = this.#alone ? undefined : { ...ALL_AT_ONCE, progress: this.#progress, onLeft };
        await attemptAll({ ...this.#pulling, claim, clock, sharing }, begun, (record, outcome) => {
          left--;
          const row = together.find(({ id }) => id === record.dispatchId);
          this.#land(record, outcome, row?.flow_key ?? "");
        });
      };
      // No outcome, and so no attempt: what has thrown is trouble of our own.
      void calling().catch((error: unknown) => {
        this.#trouble = { error };
        this.#ended(left);
      });
    }
  }

  /** Of one that executors have died with, what dies from now on has died in its call. @throws DatabaseError, or if another claim has followed */
  async #begun(row: TakenRow, claim: string): Promise<TakenRow> {
    if (!row.alone) return row;
    const claims = row.claims + 1;
    const noted = await this.#pulling.database.run(noteBegun(row.id, claim, claims));
    if (noted.length === 0) throw new Error("another claim has followed before the call");
    return { ...row, claims };
  }

  #giveBack(rows: readonly { id: string }[], claim: string): void {
    this.#refused.push(...rows.map(({ id }) => ({ id, claim })));
    this.#progress.words ??= "";
    this.#ended(rows.length);
  }

  #land(record: ExecutionRecord, outcome: Outcome, key: string): void {
    if (outcome.logged && record.reason !== null) this.#causes.add(record.reason);
    const scope = this.#pulling.destination?.cooldown;
    const seconds = outcome.retryAfterSeconds;
    const cool =
      scope === undefined || seconds === undefined ? {} : { cool: { key: scope === "key" ? key : undefined, seconds } };
    this.#landed.push({ record, ...cool });
    this.#ended(1);
  }

  #ended(calls: number): void {
    this.#underWay -= calls;
    if (this.#underWay === 0) this.#alone = false;
    this.#wake?.();
  }

  #keep(record: ExecutionRecord): void {
    this.#records.push(record);
    this.#history.push(historyOf(record));
  }

  /** The database does not answer, or something of ours has failed: the results that are known are kept, whatever is under way ends first. @throws What was thrown, if there are none. */
  async #giveUp(landed: readonly Landed[], error: unknown): Promise<Delivered> {
    log("warn", "round.failed", { instanceId: this.#pulling.instanceId, round: this.#calls, error: errorText(error) });
    const known = [...landed];
    for (;;) {
      known.push(...this.#landed.splice(0));
      if (this.#underWay === 0) break;
      await this.#next(Number.POSITIVE_INFINITY);
    }
    const unrecorded = known.map(({ record }) => record);
    if (unrecorded.length === 0 && this.#history.length === 0) throw error;
    if (unrecorded.length === 0) throw new RetryLater(MAX_WAIT_IN_STEP_MS, JSON.stringify(this.#history));
    for (const record of unrecorded) this.#keep(record);
    return { records: this.#history, unrecorded, remaining: [] };
  }
}
