import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitErrorCode } from "../../schema/contract/index.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const count = async (table: string) => {
  const [row] = await system.database.query<{ n: string }>(`select count(*) as n from eventhub.${table}`);
  return Number(row?.n);
};

/** The message of a refused call, which must not have stored anything. */
async function refusal(call: () => Promise<unknown>): Promise<string> {
  const before = await count("events");
  const error: unknown = await call().then(
    () => undefined,
    (cause) => cause,
  );
  expect(error).toBeInstanceOf(Error);
  expect(await count("events")).toBe(before);
  return (error as Error).message;
}

describe("what emit() refuses, with the place and what is wrong", () => {
  test.each([
    ["date", "[invalid_payload] event.at: JSON cannot hold a Date"],
    ["map", "[invalid_payload] event.map: JSON cannot hold a Map"],
    ["bigint", "[invalid_payload] event.n: JSON cannot hold a bigint"],
    ["nan", "[invalid_payload] event.n: JSON has no NaN"],
    ["infinity", "[invalid_payload] event.list[1]: JSON has no Infinity"],
    ["undefined in an array", "[invalid_payload] event.list[1]: JSON cannot hold undefined"],
    ["function", "[invalid_payload] event.f: JSON cannot hold a function"],
    ["nul", "[invalid_payload] event.text: contains U+0000, which Postgres cannot store"],
    ["surrogate", "[invalid_payload] event.text: contains half of a surrogate pair, which is not Unicode text"],
  ])("%s", async (name, message) => {
    expect(await refusal(() => system.emitOdd(name))).toBe(message);
  });

  test("a cycle", async () => {
    expect(await refusal(() => system.emitOdd("cycle"))).toMatch(
      /^\[invalid_payload\] event\.self\.self.*: nested deeper than 500 levels, or a cycle$/,
    );
  });

  test("a payload that is no object, named by its place in the call", async () => {
    expect(await refusal(() => system.emit([{}, {}, {}, [1]]))).toBe(
      "[invalid_payload] events[3]: payload must be a JSON object, got an array",
    );
    expect(await refusal(() => system.emit("text"))).toBe(
      "[invalid_payload] event: payload must be a JSON object, got a string",
    );
    expect(await refusal(() => system.emit(null))).toBe(
      "[invalid_payload] event: payload must be a JSON object, got null",
    );
  });

  test("an option that does not exist, or a wrong one", async () => {
    const options = { idempotencykey: "a" } as object;
    expect(await refusal(() => system.emit({}, options))).toBe(
      '[invalid_options] unknown option "idempotencykey"; there are idempotencyKey, delaySeconds, deliverAt, traceparent, tracestate, baggage, cloudEvents, context',
    );
    expect(await refusal(() => system.emit({}, { delaySeconds: -1 }))).toBe(
      "[invalid_options] delaySeconds must be a number from 0 to 31536000 (365 days), got -1",
    );
  });

  test("more than 1,000 events a call", async () => {
    const message = await refusal(() => system.emit(Array(1_001).fill({})));
    expect(message).toBe("[too_large] at most 1000 events per call, got 1001");
    expect(emitErrorCode(new Error(message))).toBe("too_large");
  });

  test("a payload over 1 MiB, and 16 MiB a call", async () => {
    const text = "x".repeat(1_048_576 - '{"text":""}'.length);
    expect(await refusal(() => system.emit({ text: `${text}x` }))).toBe(
      "[too_large] event: payload must be at most 1048576 bytes of JSON, got 1048577 or more",
    );
    expect(await refusal(() => system.emit([...Array(16).fill({ text }), {}]))).toBe(
      "[too_large] events[16]: the payloads of a call must be at most 16777216 bytes of JSON together",
    );
  });
});

describe("what emit() takes", () => {
  test("nothing: emit([]) does nothing", async () => {
    const requests = await system.database.requests();
    expect(await system.emit([])).toEqual({ events: [] });
    expect(await system.database.requests()).toBe(requests);
  });

  test("an event that no route takes is saved, without dispatches", async () => {
    const { events } = await system.emit({ to: "nobody" });
    expect(events).toEqual([{ id: expect.any(String), duplicate: false, dispatches: [] }]);
    expect(
      await system.database.query("select payload, payload_bytes from eventhub.events where id = $1", [events[0]?.id]),
    ).toEqual([{ payload: { to: "nobody" }, payload_bytes: 15 }]);
  });

  test("a member that is undefined is left out, as JSON does", async () => {
    const { events } = await system.emitOdd("undefined as a member");
    expect(await system.database.query("select payload from eventhub.events where id = $1", [events[0]?.id])).toEqual([
      { payload: { a: 1, to: "nobody" } },
    ]);
  });

  test("exactly 1 MiB, exactly 1,000 events, and every character that JSON has", async () => {
    const text = "x".repeat(1_048_576 - '{"text":""}'.length);
    const { events } = await system.emit({ text });
    expect(
      await system.database.query("select payload_bytes from eventhub.events where id = $1", [events[0]?.id]),
    ).toEqual([{ payload_bytes: 1_048_576 }]);
    expect((await system.emit(Array(1_000).fill({ to: "nobody" }))).events).toHaveLength(1_000);
    const odd = {
      "": 0,
      'a"b\\c': "\u0001\u2028 \ud83d\ude00 'quote' $1 {}",
      __proto__x: [null, [], {}, -0.5, 1e300],
      to: "nobody",
    };
    const stored = await system.emit(odd);
    expect(
      await system.database.query("select payload from eventhub.events where id = $1", [stored.events[0]?.id]),
    ).toEqual([{ payload: odd }]);
  });
});

describe("an idempotencyKey", () => {
  test("that was seen answers with the stored event and its dispatches", async () => {
    const first = await system.emit({ to: "both", n: 1 }, { idempotencyKey: "seen" });
    const again = await system.emit({ to: "nobody", n: 2 }, { idempotencyKey: "seen" });
    expect(again.events).toEqual([{ ...first.events[0], duplicate: true }]);
    expect(await system.settled(first.events[0]?.id ?? "")).toHaveLength(2);
  });

  test("with an array, key and index together are the key", async () => {
    const first = await system.emit([{ n: 0 }, { n: 1 }], { idempotencyKey: "array" });
    const longer = await system.emit([{ n: 0 }, { n: 1 }, { n: 2 }], { idempotencyKey: "array" });
    expect(longer.events.map(({ duplicate }) => duplicate)).toEqual([true, true, false]);
    expect(longer.events.slice(0, 2).map(({ id }) => id)).toEqual(first.events.map(({ id }) => id));
  });

  test("of many calls that race, one stores and all answer the same", async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => system.emit({ to: "both", n }, { idempotencyKey: "race" })),
    );
    expect(answers.filter(({ events }) => !events[0]?.duplicate)).toHaveLength(1);
    const bare = answers.map(({ events }) => events.map(({ id, dispatches }) => ({ id, dispatches })));
    expect(new Set(bare.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const eventId = answers[0]?.events[0]?.id ?? "";
    await system.settled(eventId);
    expect(await system.calls(eventId)).toHaveLength(2);
  });
});

test("a happy emit() makes one HTTP request, and a group delivered at first try makes two and one Workflow step", async () => {
  const before = await system.database.requests();
  const { events } = await system.emit(Array.from({ length: 10 }, (_, n) => ({ to: "SCRIPTED", n })));
  const rows = (await system.settledEach(events)).flat();
  expect(new Set(rows.map(({ instance_id }) => instance_id)).size).toBe(1);
  expect((await system.database.requests()) - before).toBe(3);

  const steps = system.harness
    .getLogs()
    .filter(
      ({ message }) => message.includes(`"instanceId":"${rows[0]?.instance_id}"`) && message.includes("test.step"),
    );
  expect(steps.map(({ message }) => JSON.parse(message).step)).toEqual(["do deliver"]);
});

test("no payload, key or connection string is in the logs", async () => {
  const secret = "a-secret-in-the-payload";
  const { events } = await system.emit({ to: "SCRIPTED", secret }, { idempotencyKey: "a-secret-key" });
  await system.settled(events[0]?.id ?? "");
  const logs = await eventually(async () => {
    const text = JSON.stringify(system.harness.getLogs());
    return text.includes("dispatch.attempted") ? text : undefined;
  }, "the attempt is in the log");
  expect(logs).not.toContain(secret);
  expect(logs).not.toContain("a-secret-key");
  expect(logs).not.toContain("postgres");
});
