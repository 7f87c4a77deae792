import { setTimeout as sleep } from "node:timers/promises";
import type { FlowState } from "../../schema/contract/flow.ts";
import type { DispatchSummary, Page } from "../../schema/contract/operator.ts";
import type { Journal } from "./journal.ts";
import { OperatorCalls } from "./operator-calls.ts";
import type { Random } from "./random.ts";

/** The destination on whose limits and orders the operator works. */
export const HELD = "HELD";
const KEYED = "KEYED";
const RATED = "RATED";
const KEYS = 8;
/** The most keys that are paused at once. */
const MAX_PAUSED = 2;
/** The time between two acts while there are faults, and at the end. */
const THINKING_MS = [500, 4_000] as const;
const CLEARING_MS = 100;

/** What it does next, with weights. */
const ACTS = { "see to a held key": 0.52, "pause a key": 0.14, "resume a key": 0.14, limit: 0.12, cancel: 0.08 };
/** What it does with a dispatch that holds a key, with weights. */
const CARES = { release: 0.35, retry: 0.25, "retry for longer": 0.25, "retry and cancel": 0.15 };
/** At the end it retries few dispatches, and some of these fail again. */
const CLEARING = { release: 0.8, retry: 0.05, "retry for longer": 0.1, "retry and cancel": 0.05 };

/** An operator at work, who uses only the hub's own methods. */
export interface CampaignOperator {
  /** From now on it only resumes what is paused and deals with what is held, quickly. */
  clear(): void;
  /** The keys that it has paused. */
  readonly paused: ReadonlySet<string>;
  /** Completes what it has begun, then stops. */
  stop(): Promise<void>;
  /** Stops at once. */
  abandon(): Promise<void>;
}

/** Starts the operator, who acts every few seconds until it is stopped. */
export function startOperator(origin: string, journal: Journal, random: Random): CampaignOperator {
  const ending = new AbortController();
  const abandoning = new AbortController();
  const acting = new Acting(new OperatorCalls(origin, journal, random, abandoning.signal), random);
  let clearing = false;
  const running = (async () => {
    while (!ending.signal.aborted) {
      // If something could not be read, the next look reads it.
      await (clearing ? acting.clear() : acting.actOnce()).catch(() => undefined);
      const [min, max] = clearing ? [CLEARING_MS, CLEARING_MS] : THINKING_MS;
      await sleep(random.integer(min, max), undefined, ending).catch(() => undefined);
    }
  })();
  return {
    paused: acting.paused,
    clear: () => {
      clearing = true;
    },
    stop: () => {
      ending.abort();
      return running;
    },
    abandon: () => {
      abandoning.abort();
      ending.abort();
      return running;
    },
  };
}

class Acting {
  readonly paused = new Set<string>();
  readonly #calls: OperatorCalls;
  readonly #random: Random;

  constructor(calls: OperatorCalls, random: Random) {
    this.#calls = calls;
    this.#random = random;
  }

  async actOnce(): Promise<void> {
    switch (this.#random.pick(ACTS)) {
      case "see to a held key": {
        const held = await this.#listHeld();
        if (held.length > 0) await this.#seeTo(this.#random.one(held), CARES);
        return;
      }
      case "pause a key":
        return this.#pause();
      case "resume a key":
        return this.#resume();
      case "limit":
        return this.#limit();
      case "cancel":
        return this.#cancelSome();
    }
  }

  async clear(): Promise<void> {
    while (this.paused.size > 0) await this.#resume();
    for (const held of await this.#listHeld()) await this.#seeTo(held, CLEARING);
  }

  async #listHeld(): Promise<FlowState[]> {
    const { items } = await this.#calls.read<Page<FlowState>>("flows", { destination: HELD, held: true });
    return items;
  }

  async #seeTo({ heldBy, heldOrder }: FlowState, cares: typeof CARES): Promise<void> {
    if (heldBy === null || heldOrder === null) return;
    const about = { destination: HELD, key: heldOrder };
    const care = this.#random.pick(cares) ?? "release";
    if (care === "release") {
      await this.#calls.act("releaseKey", about, HELD, heldOrder, {});
      return;
    }
    const overrides = care === "retry for longer" ? { maxRetries: 3 } : {};
    const { made } = await this.#calls.act("retryDispatch", { ...about, dispatchId: heldBy }, heldBy, overrides);
    if (care !== "retry and cancel" || made[0] === undefined) return;
    await this.#calls.act("cancelDispatch", { ...about, dispatchId: made[0] }, made[0], {});
  }

  async #pause(): Promise<void> {
    const key = `k-${this.#random.integer(0, KEYS - 1)}`;
    if (this.paused.size >= MAX_PAUSED) return;
    this.paused.add(key);
    await this.#calls.act("pauseKey", { destination: KEYED, key }, KEYED, key, { reason: "the campaign" });
  }

  async #resume(): Promise<void> {
    if (this.paused.size === 0) return;
    const key = this.#random.one([...this.paused]);
    await this.#calls.act("resumeKey", { destination: KEYED, key }, KEYED, key, {});
    this.paused.delete(key);
  }

  /** Sets a rate below the configured one for a few seconds, so that the configured limit holds as well. */
  async #limit(): Promise<void> {
    const rate = { limit: this.#random.integer(1, 3) / 2, perSeconds: 1, burst: this.#random.integer(1, 2) };
    const until = Date.now() + this.#random.integer(3_000, 12_000);
    const setting = { rate, until: new Date(until).toISOString() };
    await this.#calls.act("setFlow", { destination: RATED, rate, until }, RATED, setting, {});
  }

  /** Cancels one of the dispatches that are in flight or wait. */
  async #cancelSome(): Promise<void> {
    const filter = { destination: HELD, status: "ongoing" };
    const { items } = await this.#calls.read<Page<DispatchSummary>>("listDispatches", filter, { limit: 20 });
    if (items.length === 0) return;
    const { id } = this.#random.one(items);
    await this.#calls.act("cancelDispatch", { destination: HELD, dispatchId: id }, id, {});
  }
}
