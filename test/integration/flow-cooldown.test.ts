import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

/** A wait that a destination asks for, for its key or for the whole destination. Workers and webhooks ask for it. */
let receiver: Receiver;
let system: System;
beforeAll(async () => {
  receiver = await startReceiver();
  system = await startSystem({
    graceSeconds: 1,
    executorVars: {
      WEBHOOK_ORIGIN: receiver.origin,
      EVENTHUB_INSECURE_WEBHOOKS: "true",
      HOOK_SECRET_NEW: "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==",
    },
  });
});
afterAll(async () => {
  await system?.stop();
  receiver?.close();
});

const WAIT_SECONDS = 3;

/** Consumers that ask for a wait at the first attempt, and complete the next. */
const ASKS = {
  worker: { script: [{ return: { result: "failed", retryAfterSeconds: WAIT_SECONDS } }, { return: "complete" }] },
  webhook: { answers: [{ status: 429, headers: { "Retry-After": String(WAIT_SECONDS) } }, {}] },
};

/** When each of these dispatches was called, in milliseconds since 1970. */
async function callTimes(ids: readonly string[]): Promise<number[][]> {
  const calls = await system.calls();
  return ids.map((id) => [
    ...calls.filter(({ context }) => context.dispatchId === id).map(({ at }) => at),
    ...(receiver.received.get(id) ?? []).map(({ at }) => at),
  ]);
}

const idsOf = ({ events }: Awaited<ReturnType<System["emit"]>>) =>
  events.map(({ dispatches }) => dispatches[0]?.id ?? "");

/** Makes one dispatch ask for a wait, and waits until that is recorded. */
async function ask(to: string, kind: keyof typeof ASKS) {
  const emitted = await system.emit([{ to, customer: "a", order: "a-1", ...ASKS[kind] }]);
  const [id = ""] = idsOf(emitted);
  await eventually(async () => (await system.executions(id))[0], "it has asked for a wait");
  const [[at = 0] = []] = await callTimes([id]);
  return { id, events: emitted.events, until: at + WAIT_SECONDS * 1_000 };
}

/** What these dispatches wait for, as operators see it. */
const waitsOf = async (ids: readonly string[]) =>
  (
    await system.database.query<{ waiting_for: string }>(
      "select waiting_for from unnest($1::uuid[]) with ordinality as u(id, n) left join eventhub.waiting_dispatches w on w.dispatch_id = u.id order by n",
      [ids],
    )
  ).map(({ waiting_for }) => waiting_for);

describe.each([
  ["worker", "retryAfterSeconds", "COOL_KEY", "COOL_ALL"],
  ["webhook", "Retry-After", "COOL_HOOK_KEY", "COOL_HOOK_ALL"],
] as const)("a %s that answers %s", (kind, _, coolsKey, coolsAll) => {
  test("cools down its key: nothing with that key is called before, in its order, and other keys go on", async () => {
    const asked = await ask(coolsKey, kind);
    const emitted = await system.emit([
      { to: coolsKey, customer: "a", order: "a-1", n: 1 },
      { to: coolsKey, customer: "a", order: "a-2", n: 2 },
      { to: coolsKey, customer: "b", order: "b-1", n: 3 },
    ]);
    const [behind = "", beside = "", other = ""] = idsOf(emitted);
    await system.settled(emitted.events[2]?.id ?? "");
    expect(await waitsOf([behind, beside])).toEqual(["order", "cooldown"]);
    await system.settledEach([...asked.events, ...emitted.events]);
    const [first = [], second = [], third = [], [free = 0] = []] = await callTimes([asked.id, behind, beside, other]);
    expect(free).toBeLessThan(asked.until);
    for (const at of [...first.slice(1), ...second, ...third]) expect(at).toBeGreaterThanOrEqual(asked.until);
    expect([first.length, second.length, third.length]).toEqual([2, 1, 1]);
    expect(second[0]).toBeGreaterThanOrEqual(first[1] ?? Number.NaN);
  });

  test("cools down the whole destination, whose orders go on with their first, and no other destination", async () => {
    const asked = await ask(coolsAll, kind);
    const emitted = await system.emit([
      { to: coolsAll, order: "a-1", n: 1 },
      { to: coolsAll, order: "b-1", n: 2 },
      { to: coolsAll, order: "b-1", n: 3 },
      { to: "ORDERED", order: "b-1", n: 4 },
    ]);
    const [behind = "", beside = "", last = "", elsewhere = ""] = idsOf(emitted);
    await system.settled(emitted.events[3]?.id ?? "");
    await eventually(
      async () => ((await waitsOf([beside]))[0] === "cooldown" ? true : undefined),
      "it waits for the end of the cooldown",
    );
    await system.settledEach([...asked.events, ...emitted.events]);
    const times = await callTimes([asked.id, behind, beside, last, elsewhere]);
    const [first = [], second = [], third = [], fourth = [], [free = 0] = []] = times;
    expect(free).toBeLessThan(asked.until);
    for (const at of [...first.slice(1), ...second, ...third, ...fourth])
      expect(at).toBeGreaterThanOrEqual(asked.until);
    expect([first.length, second.length, third.length, fourth.length]).toEqual([2, 1, 1, 1]);
    expect(second[0]).toBeGreaterThanOrEqual(first[1] ?? Number.NaN);
    expect(fourth[0]).toBeGreaterThanOrEqual(third[0] ?? Number.NaN);
  });
});
