import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_TRIES } from "../../schema/database/connection.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { storeEvents } from "../../schema/queries/events/store-events.ts";
import { cases } from "../support/cases.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({
    faulty: true,
    more: ({ script }) => [{ config: { name: "methods", ...script("methods") } }],
  });
});
afterAll(() => system?.stop());

/** The names of all methods of the hub's classes, whether they are meant for RPC or not. */
const methods = async () =>
  (await (await system.harness.getWorker("methods").fetch("/")).json()) as { hub: string[]; operator: string[] };

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => "no refusal",
    (error: Error) => error.message,
  );

describe("the producers' binding", () => {
  const refused = (method: string) =>
    refusalOf(system.callHub(method)).then((message) =>
      /does not implement|is not a function|Cannot read/.test(message) ? "refused" : message,
    );

  test("has none of the operators' methods, and nothing of its Worker's own", async () => {
    const { operator } = await methods();
    expect(operator).toEqual(expect.arrayContaining(["retryDispatches", "pauseDestination", "listEvents", "tick"]));
    // What every entrypoint has within, and what the executor would.
    // Operator has an emit() of its own, which says to producers that they are bound to the wrong entrypoint.
    const others = operator.filter((name) => name !== "emit");
    const names = [...others, "env", "ctx", "configuration", "queue", "tail", "reconcile"];
    const answers = await Promise.all(names.map(async (name) => [name, await refused(name)]));
    expect(answers).toEqual(names.map((name) => [name, "refused"]));
  });

  test("has beside emit() and handle() a poke and the cron, which a producer can only bring forward", async () => {
    expect((await methods()).hub).toEqual(["emit", "poke", "scheduled", "handle"]);
    expect(await system.callHub("scheduled")).toBeNull();
  });

  test("has emit()", async () => {
    expect(await system.callHub("emit")).toMatchObject({ events: [{ duplicate: false, dispatches: [] }] });
  });
});

describe("SQL", () => {
  test("is built from no strings: sql.raw writes constants of the schema, and nothing else", () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const files = ["schema", "workflows", "workers"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    );
    const sources = files.filter((name) => name.endsWith(".ts"));
    const raw = sources.filter((name) => readFileSync(join(root, name), "utf8").includes("sql.raw("));
    expect(sources.length).toBeGreaterThan(50);
    expect(raw.sort()).toEqual([
      "schema/flow-literals.ts",
      "schema/flow-views.ts",
      "schema/health-literals.ts",
      "schema/overdue-literals.ts",
      "schema/queries/dispatches/list-dispatches.ts",
      "schema/queries/fragments/draw-turns.ts",
      "schema/queries/fragments/policy-sql.ts",
      "schema/status-literals.ts",
      "schema/tables.ts",
      "schema/vocabulary/filters.ts",
    ]);
  });

  test("does not mind what payloads, keys and reasons hold", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.constantFrom("'; drop table eventhub.events; --", "$1", "\\", '"', "\u2028", "{}", "null", "%s", "E'\\x00'"),
    );
    const sound = text.map((value) => value.toWellFormed().replaceAll("\0", ""));
    const inputs = fc.sample(fc.record({ key: sound, reason: sound, value: fc.jsonValue() }), cases(150));
    const payloads = inputs.map(({ key, reason, value }) => {
      const payload = { to: "SCRIPTED", [`${key}.`]: JSON.parse(clean(JSON.stringify(value))), key };
      return { ...payload, script: [{ return: { result: "ignored", reason } }] };
    });
    const idempotencyKey = "'; delete from eventhub.dispatches; --";
    const { events } = await system.emit(payloads, { idempotencyKey });
    const rows = await system.settledEach(events);
    expect(rows.map(([row]) => [row?.status, row?.reason])).toEqual(inputs.map(({ reason }) => ["ignored", reason]));
    const stored = await system.database.query<{ payload: object }>(
      "select payload from eventhub.events where idempotency_key = $1 order by idempotency_index",
      [idempotencyKey],
    );
    // -0 is 0 in Postgres.
    expect(JSON.stringify(stored.map(({ payload }) => sorted(payload)))).toBe(JSON.stringify(payloads.map(sorted)));
  });
});

test("no payload, key or connection string is in the logs or in errors, whatever fails", async () => {
  const [secret, key] = ["a-secret-in-the-payload", "a-secret-key"];
  const store = { place: "database", statement: storeEvents([], []) } as const;
  await system.faults.plan({ ...store, fault: "refuse", times: MAX_TRIES });
  const payload = {
    to: "SCRIPTED",
    secret,
    script: [{ return: secret.repeat(3) }, { return: { result: "failed", retry: false } }],
  };
  const unavailable = await refusalOf(system.emit(payload, { idempotencyKey: key }));
  await system.faults.plan(
    { ...store, fault: "cut after" },
    { place: "queue.send", fault: "refuse" },
    { place: "database", statement: recordExecutions([], ""), fault: "refuse", times: MAX_TRIES },
  );
  const { events } = await system.emit(payload, { idempotencyKey: key });
  await system.faults.happened("refuse", MAX_TRIES + 1);
  await system.reconcile();
  await system.settled(events[0]?.id ?? "");
  const invalid = await refusalOf(system.emit({ [secret.slice(2)]: 1, text: `${secret}\0` }, { idempotencyKey: key }));
  const long = await refusalOf(system.emit({}, { idempotencyKey: key.repeat(100) }));

  const logs = JSON.stringify(system.harness.getLogs());
  expect(logs).toContain("emit.unavailable");
  expect(logs).toContain("execution.record_failed");
  for (const text of [logs, unavailable, invalid, long]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(key);
    expect(text).not.toContain(new URL(system.database.url).password);
    expect(text).not.toContain(system.database.name);
  }
});

/** Removes what Postgres cannot store. */
const clean = (json: string) => json.replaceAll("\\u0000", "").replaceAll(/\\ud[89a-f][0-9a-f]{2}/gi, "");

/** jsonb does not keep the order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (Object.is(value, -0)) return 0;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
