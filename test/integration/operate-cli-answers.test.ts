import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Commands, startCommands } from "../support/command-process.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory } from "../support/history.ts";
import { opsEnv } from "../support/ops.ts";

/** What a command says if its first answer leaves a question: where else to look, why there is nothing, when something happens. */
const directory = mkdtempSync(join(tmpdir(), "eventhub-answers-"));
const written = (name: string, value: unknown) => {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const ROUTES = written("routing.json", {
  routes: [{ name: "paid", destination: "BILLING", condition: { path: "$.total", gt: 0 } }],
});
const WHY = "no match  paid -> BILLING\n            routes[0].condition: $.total gt 0: found 0\n0 of 1 routes match\n";

let database: TestDatabase;
let commands: Commands;
let unmatched: string;
beforeAll(async () => {
  database = await createDatabase();
  commands = await startCommands(opsEnv(database));
  const [row] = await database.query<{ id: string }>(
    `insert into eventhub.events (id, payload, payload_bytes) values (eventhub.uuid_at(now()), '{"kind": "order.paid", "total": 0}', 34) returning id`,
  );
  unmatched = row?.id ?? "";
});
afterAll(async () => {
  commands?.stop();
  rmSync(directory, { recursive: true });
  await database?.drop();
});

async function run(...args: string[]) {
  const { code, stdout, stderr } = await commands.run(["ops", ...args], { COLUMNS: "" });
  return { code, stdout: stripVTControlCharacters(stdout), stderr };
}

describe("explain", () => {
  test("says of a file what `routes explain` says", async () => {
    const file = written("order.json", { total: 0 });
    const { stdout: plain } = await commands.run(["routes", "explain", ROUTES, file]);
    expect(plain).toBe(WHY);
    expect(await run("--routing", ROUTES, "explain", file)).toEqual({ code: 0, stdout: WHY, stderr: "" });
  });

  test("takes a stored event by its id", async () => {
    expect(await run("--routing", ROUTES, "explain", "--event", unmatched)).toEqual({
      code: 0,
      stdout: WHY,
      stderr: "",
    });
    expect(await run("--routing", ROUTES, "explain", "--event", "0193a5c0-0000-7000-8000-000000000017")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("[not_found]"),
    });
    const [gone] = await insertHistory(database, [{ status: "complete", payload: null }]);
    expect(await run("--routing", ROUTES, "explain", "--event", gone?.eventId ?? "")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("is gone"),
    });
  });

  test("wants one of the two, and refuses an answer of `ops event`, which is no payload", async () => {
    const wrong = { code: 2, stderr: expect.stringContaining("give a file with a payload, or --event") };
    expect(await run("--routing", ROUTES, "explain")).toMatchObject(wrong);
    expect(await run("--routing", ROUTES, "explain", ROUTES, "--event", unmatched)).toMatchObject(wrong);
    const answer = written("event.json", JSON.parse((await run("--json", "event", unmatched)).stdout));
    const refused = { code: 1, stdout: "", stderr: expect.stringContaining("holds what `ops --json event` prints") };
    expect(await run("--routing", ROUTES, "explain", answer)).toMatchObject(refused);
    expect(await commands.run(["routes", "explain", ROUTES, answer])).toMatchObject(refused);
  });
});

test("an event without dispatches says why it has none, and a dispatch that no attempt has ended", async () => {
  expect((await run("event", unmatched)).stdout).toMatch(
    `\nno dispatches: no route matched; \`ops explain --event ${unmatched} --routing FILE\` says why\n`,
  );
  await database.query("select eventhub.emit('{}')");
  const [later] = await database.query<{ id: string }>("select id from eventhub.events where not routed");
  expect((await run("event", later?.id ?? "")).stdout).toMatch(/\nno dispatches: not routed yet\n$/);
  const [begun] = await insertHistory(database, [{ status: "ongoing" }]);
  expect((await run("show", begun?.id ?? "")).stdout).toMatch(/\nno attempt has ended yet\n$/);
});

test("events are listed with their kinds", async () => {
  expect((await run("events", "--no-matched")).stdout).toMatch(
    new RegExp(`^event .* kind .*\n${unmatched}  .{19}  order\\.paid  `),
  );
  const listed = await run("--json", "events", "--no-matched");
  expect(JSON.parse(listed.stdout).items).toEqual([expect.not.objectContaining({ about: expect.anything() })]);
});

test("a list that has found nothing ends with 3, and `find` says how payloads are searched", async () => {
  const elsewhere = "\nfor a value in payloads: ops events --payload '$.order.id=17'\n";
  const none = await run("find", "order-4711");
  expect(none.code).toBe(3);
  expect(none.stdout).toMatch(/^nothing found\nlooked in: idempotency keys, /);
  expect(none.stdout.endsWith(elsewhere)).toBe(true);
  expect(await run("--json", "find", "order-4711")).toMatchObject({ code: 3, stderr: "" });
  await insertHistory(database, [{ status: "complete", idempotencyKey: "order-4712" }]);
  const found = await run("find", "order-4712");
  expect(found.code).toBe(0);
  expect(found.stdout).not.toContain(elsewhere);
  const empty = { code: 3, stdout: "nothing found\n", stderr: "" };
  expect(await run("operations")).toEqual(empty);
  expect(await run("flow")).toEqual(empty);
  expect(await run("flow", "--busiest")).toEqual(empty);
});

describe("after an action the terminal says when the executor takes it up", () => {
  const retried = async () => {
    await insertHistory(database, [{ status: "failed", destination: "SOON" }]);
    return (await run("retry", "--destination", "SOON", "--yes")).stderr;
  };
  const executor = (set: string) => database.query(`update eventhub.heartbeats set ${set} where name = 'executor'`);

  test("at the moment that it has set itself", async () => {
    for (const sleeps of [true, false]) {
      await executor(`sleeps = ${sleeps}, next_at = date_trunc('second', now()) + interval '40 seconds'`);
      expect(await retried()).toMatch(
        /^note: the executor takes this up with its next look, at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z\n$/,
      );
    }
  });

  test("or, where that is past or unknown, with its next look", async () => {
    await executor("sleeps = true, next_at = now() - interval '1 second'");
    expect(await retried()).toBe("note: the executor takes this up with its next look\n");
    await executor("sleeps = false, next_at = null");
    expect(await retried()).toBe("note: the executor takes this up with its next look\n");
  });
});
