import { EmitError } from "../../../../schema/contract/emit-error.ts";
import type { EmitResult } from "../../../../schema/contract/index.ts";
import { emit } from "../../../../workers/hub/emit/emit.ts";
import { type Client, type Deed, KINDS } from "../world.ts";
import { nowhere } from "./nowhere.ts";

/** The number of keys that all producers share. They are few, so that most calls meet one that is being stored, delivered or deleted. */
const KEYS = 40;
const NUMBERS = Array.from({ length: KEYS }, (_, index) => index + 1);

/** Emits events without a key, or with one key and their indexes. */
export const emitPlain: Deed = async (client) => {
  const { random } = client;
  const payloads = Array.from({ length: random.integer(1, 8) }, () => ({ kind: random.one(KINDS) }));
  const idempotencyKey = `call ${random.integer(1, KEYS)}`;
  await check(client, payloads, random.chance(0.5) ? { idempotencyKey } : {});
};

/** For how long all producers use the same new ids, in milliseconds. */
const NEWS_MS = 700;

/**
 * Emits CloudEvents, each with a key of its own, in an order of their own. Either all producers emit these ids just now, or they have emitted them
 * before.
 */
export const emitKeyed: Deed = async (client) => {
  const { random } = client;
  const news = random.chance(0.6) ? `${Math.floor(performance.now() / NEWS_MS)} ` : "";
  const numbers = random.shuffled(NUMBERS).slice(0, random.integer(2, KEYS));
  const payloads = numbers.map((n) => ({
    specversion: "1.0",
    source: "/fuzz",
    type: "fuzz",
    id: `${news}${n}`,
    kind: random.one(KINDS),
  }));
  await check(client, payloads, { cloudEvents: true });
};

/** Emits, and checks that everything that was answered exists, or existed. */
async function check(client: Client, payloads: object[], options: object): Promise<void> {
  const { database, findings, routes } = client;
  let answer: EmitResult;
  try {
    answer = await emit(payloads, options, {
      routes,
      database,
      enqueue: () => undefined,
      routePending: () => undefined,
    });
  } catch (error) {
    if (!(error instanceof EmitError)) throw error;
    findings.count(`emit refused: ${error.message.slice(0, 60)}`);
    return;
  }
  const ids = answer.events.flatMap((event) => [event.id, ...event.dispatches.map(({ id }) => id)]);
  for (const id of await nowhere(client, ids)) {
    const of = answer.events.find((event) => event.id === id || event.dispatches.some((one) => one.id === id));
    findings.violated("stored", `${id} was never stored; answered: ${JSON.stringify(of)}`);
  }
  findings.count("duplicates", answer.events.filter(({ duplicate }) => duplicate).length);
}
