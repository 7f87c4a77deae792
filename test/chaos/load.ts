import { setTimeout as sleep } from "node:timers/promises";
import type { EmitOptions, EmitResult } from "../../schema/contract/index.ts";
import type { ChaosPayload } from "../workers/chaos/wire.ts";
import { DESTINATIONS, OTHERS } from "./destinations.ts";
import { COMPLETE, inventAsking, inventFailures, inventReplies, inventScript } from "./inventions.ts";
import type { Random } from "./random.ts";

/** One call of `emit`, with all the answers that it got. */
export interface Emission {
  /** `undefined`: a call without a key is not repeated, and may or may not be stored if no answer came. */
  key: string | undefined;
  /** The delay of the call, which replaces the route's. */
  delaySeconds?: number;
  payloads: ChaosPayload[];
  answers: EmitResult[];
  /** When the first call began, and when one was first answered: milliseconds since 1970. */
  startedAt?: number;
  answeredAt?: number;
  /** Refusals that a repeat does not fix: there should be none. */
  refused: string[];
}

/** Emits until it is told to stop. */
export interface Load {
  readonly emissions: Emission[];
  /** Makes no new calls, and resolves when the repeated ones have been answered. */
  finish(): Promise<void>;
  /** One more event, which is complete at its first attempt. It is emitted once, whatever is answered. */
  alone(to: string): Alone;
}

/** An event that is not emitted yet: its number, a text that only its payload has, and its emit. */
interface Alone {
  n: number;
  mark: string;
  emit(): Promise<void>;
}

/** The destinations with a cooldown. */
const COOLED = ["KEYED", "RATED"];

const REQUEST_TIMEOUT_MS = 40_000;

/** The share of each destination, which add up to 1. With `only`, the load goes to these destinations alone, in the same proportion. */
function sharesOf(only: readonly string[] | undefined): Readonly<Record<string, number>> {
  const all = Object.entries({ ...DESTINATIONS, ...OTHERS });
  const some = all.filter(([to]) => only === undefined || only.includes(to));
  const sum = some.reduce((total, [, { share }]) => total + share, 0);
  return Object.fromEntries(some.map(([to, { share }]) => [to, share / sum]));
}

/** Sometimes this many calls come at once, without keys: more than an isolate stores one by one. */
const SALVO = { chance: 0.004, calls: 24 };

const SIZES = { one: 0.9, few: 0.095, many: 0.004 };

/** @param only The destinations that get all of the load; left out, all destinations get some. */
export function startLoad(origin: string, rate: number, random: Random, only?: readonly string[]): Load {
  const shares = sharesOf(only);
  const emissions: Emission[] = [];
  const open = new Set<Promise<void>>();
  let ending = false;
  let n = 0;

  const emitOne = (keyed = random.chance(0.9)) => {
    const size = { one: 1, few: random.integer(2, 12), many: random.integer(101, 130) }[random.pick(SIZES) ?? "one"];
    const emission: Emission = {
      key: keyed ? `chaos-${n}` : undefined,
      payloads: Array.from({ length: size }, () => inventPayload(n++, shares, random)),
      answers: [],
      refused: [],
    };
    const options = random.chance(0.08) ? { delaySeconds: random.integer(1, 20) } : {};
    Object.assign(emission, options);
    emissions.push(emission);
    const work =
      emission.key !== undefined && random.chance(0.05)
        ? Promise.all([emit(origin, emission, options), emit(origin, emission, options)]).then(() => undefined)
        : emit(origin, emission, options);
    open.add(work);
    void work.finally(() => open.delete(work));
  };

  const running = (async () => {
    const start = Date.now();
    for (let made = 0; !ending; ) {
      const wanted = ((Date.now() - start) / 1_000) * rate;
      // Calls that could not be sent while this process was busy are not made up for in one burst.
      made = Math.max(made, wanted - rate);
      for (; made < wanted; made++) {
        emitOne();
        if (random.chance(SALVO.chance)) for (let call = 0; call < SALVO.calls; call++) emitOne(false);
      }
      await sleep(50);
    }
  })();

  return {
    emissions,
    alone: (to) => {
      const mark = `alone ${n}`;
      const payload: ChaosPayload = { n: n++, to, key: "k-0", filler: mark, script: [COMPLETE] };
      const emission: Emission = { key: undefined, payloads: [payload], answers: [], refused: [] };
      const send = () => {
        emissions.push(emission);
        return emit(origin, emission, {});
      };
      return { n: payload.n, mark, emit: send };
    },
    finish: async () => {
      ending = true;
      await running;
      while (open.size > 0) await Promise.all(open);
    },
  };
}

/** Repeats the call until it is answered, as a producer should. Without a key it tries once. */
async function emit(origin: string, emission: Emission, options: EmitOptions): Promise<void> {
  const { key, payloads } = emission;
  const body = JSON.stringify({
    payload: payloads.length === 1 ? payloads[0] : payloads,
    options: key === undefined ? options : { ...options, idempotencyKey: key },
  });
  emission.startedAt ??= Date.now();
  for (let tries = 0; ; tries++) {
    const answer = await post(`${origin}/emit`, body);
    if (answer.result !== undefined) {
      emission.answers.push(answer.result);
      emission.answeredAt ??= Date.now();
      return;
    }
    if (answer.refusal !== undefined) emission.refused.push(answer.refusal);
    if (answer.refusal !== undefined || key === undefined) return;
    await sleep(Math.min(500 * 2 ** tries, 4_000));
  }
}

/** Returns the result, or what is wrong with the call; neither if the call may succeed when it is repeated. */
async function post(url: string, body: string): Promise<{ result?: EmitResult; refusal?: string }> {
  try {
    const response = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const answer = (await response.json()) as EmitResult & { error?: string };
    if (response.ok) return { result: answer };
    // Every code but this one means a mistake of the caller, and this caller makes none.
    return /^\[(?!unavailable)/.test(answer.error ?? "") ? { refusal: answer.error ?? "" } : {};
  } catch {
    return {};
  }
}

function inventPayload(n: number, shares: Readonly<Record<string, number>>, random: Random): ChaosPayload {
  const key = `k-${random.integer(0, 7)}`;
  const payload: ChaosPayload = {
    n,
    to: random.pick(shares) ?? Object.keys(shares)[0] ?? "STEADY",
    key,
    script: inventScript(random),
  };
  // Otherwise, few would hold their keys.
  if (payload.to === "HELD" && random.chance(0.3)) payload.script = inventFailures(random);
  // Otherwise, few would cool down. With many more, a backlog would hardly shrink.
  if (COOLED.includes(payload.to) && random.chance(0.08)) payload.script = inventAsking(random);
  if (payload.to === "WEBHOOK") payload.replies = inventReplies(random);
  // Less than the most that a queue message may have.
  const most = payload.to === "MESSAGES" ? 100_000 : 300_000;
  if (random.chance(0.02)) payload.filler = "x".repeat(random.integer(1_000, most));
  return payload;
}
