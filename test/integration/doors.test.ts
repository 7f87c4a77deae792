import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createProgram } from "../../infra/cli/ops/program.ts";
import { compileFile } from "../../infra/cli/routes/compile-file.ts";
import { checkArguments } from "../../infra/cloudflare/check-arguments.ts";
import { fakeEventHub, handleContext } from "../../infra/testing/index.ts";
import { emitErrorCode } from "../../schema/contract/index.ts";
import { MAX_CALL_VALUES } from "../../schema/vocabulary/limits.ts";
import { eventFilter, readSearch } from "../../workers/console/forms/filters.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { type DoorInput, KEYS, MOMENTS, NAMES, NUMBERS, PAYLOADS, UNSTORABLE } from "../support/door-inputs.ts";
import { opsEnv } from "../support/ops.ts";
import { type System, startSystem } from "../support/system.ts";

let system: System;
let folder: string;
beforeAll(async () => {
  [system, folder] = await Promise.all([startSystem(), mkdtemp(join(tmpdir(), "doors-"))]);
});
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Takes an input through one door.
 *
 * @throws Any error if it is refused.
 */
type Door = (input: string) => unknown;

/** The verdict of each door on each input, in the words of the table. */
async function judged(doors: Readonly<Record<string, Door>>, inputs: readonly DoorInput[]) {
  const answers: Record<string, Record<string, string>> = {};
  for (const [name, input] of inputs) {
    const answer: Record<string, string> = {};
    for (const [door, go] of Object.entries(doors)) {
      try {
        await go(input);
        answer[door] = "taken";
      } catch (error) {
        answer[door] = verdict(error);
      }
    }
    answers[name] = answer;
  }
  return answers;
}

/** A refusal says what the caller must fix; anything else is a fault of ours. */
function verdict(error: unknown): string {
  const { message, code } = error as { message: string; code?: string };
  const ours = ["invalid_payload", "invalid_options", "too_large"].includes(emitErrorCode(error) ?? "");
  const refused =
    ours ||
    message.startsWith("[invalid_arguments]") ||
    code === "commander.invalidArgument" ||
    // Postgres' own parser of JSON refuses these: U+0000, and half a surrogate pair.
    code === "22P05" ||
    code === "22P02" ||
    /^(the route configuration has a fault|.*:\d+:\d+)/.test(message);
  return refused ? "refused" : `failed: ${message}`;
}

const expected = (doors: Readonly<Record<string, Door>>, inputs: readonly DoorInput[]) =>
  Object.fromEntries(
    inputs.map(([name, , taken]) => [
      name,
      Object.fromEntries(Object.keys(doors).map((door) => [door, taken ? "taken" : "refused"])),
    ]),
  );

const inSql = (payload: string, key?: string) =>
  system.database.query("select eventhub.emit($1::jsonb, $2)", [payload, key ?? null]);

/** A dispatch of another hub, delivered to this one. */
const fromHub = (payload: string) => system.callHub("handle", JSON.parse(payload), handleContext());

/** A command in this process, which throws where commander would end the process. */
async function command(...args: string[]): Promise<void> {
  const program = createProgram(opsEnv(system.database));
  for (const one of [program, ...program.commands]) {
    one.exitOverride();
    one.configureOutput({ writeErr: () => undefined });
  }
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await program.parseAsync(["--json", ...args], { from: "user" });
  } finally {
    log.mockRestore();
  }
}

/** The console passes on the content of its form. */
const inConsole = (field: string) => (input: string) =>
  system.operate("listEvents", eventFilter(readSearch(new URLSearchParams({ [field]: input })), new Date()));

/** A configuration through each door that takes one. */
const configured = (routes: (input: string) => object[]): Record<string, Door> => ({
  configuration: (input) => compileRoutes({ routes: routes(input) }),
  "routes check": async (input) => {
    const file = join(folder, "routing.json");
    await writeFile(file, JSON.stringify({ routes: routes(input) }));
    compileFile(file);
  },
  Pulumi: (input) => {
    const destinations = { A: { kind: "worker", service: "a" } };
    const args = { accountId: "a", databaseUrl: "postgresql://u:p@h/d", routes: routes(input) as never };
    const { faults } = checkArguments(args, destinations);
    if (faults.length > 0) throw new Error(`the route configuration has a fault: ${faults[0]?.message}`);
  },
});

describe("every door judges alike", () => {
  test("payloads: over RPC, in SQL, from another hub, and in a unit test", async () => {
    const fake = fakeEventHub({ routes: [] });
    const doors = {
      RPC: system.emitText,
      SQL: inSql,
      hub: fromHub,
      fake: (text: string) => fake.emit(JSON.parse(text)),
    };
    // Over RPC, an array is a call with several payloads, and each of them is judged.
    expect(await judged(doors, PAYLOADS)).toEqual(expected(doors, PAYLOADS));
  });

  test("numbers, as far as they reach the door as they were written", async () => {
    const fake = fakeEventHub({ routes: [] });
    const doors = {
      fake: (number: string) => fake.emit(JSON.parse(`{"n":[${number}]}`)),
      RPC: (number: string) => system.emitText(`{"n":[${number}]}`),
      SQL: (number: string) => inSql(`{"n":[${number}]}`),
    };
    expect(await judged(doors, NUMBERS)).toEqual(expected(doors, NUMBERS));
    for (const [, number, taken] of NUMBERS) {
      if (!taken) continue;
      const [made] = await system.database.query<{ id: string }>("select eventhub.emit($1::jsonb) as id", [
        `{"n":[${number}]}`,
      ]);
      const [{ payload } = { payload: {} }] = await system.database.query<{ payload: object }>(
        "select payload from eventhub.events where id = $1",
        [made?.id],
      );
      expect(JSON.stringify(payload)).toBe(JSON.stringify(JSON.parse(`{"n":[${number}]}`)));
    }
  });

  test("idempotency keys: emitted over RPC, in SQL and in a unit test, looked for over RPC and in a terminal", async () => {
    const fake = fakeEventHub({ routes: [] });
    const doors = {
      fake: (idempotencyKey: string) => fake.emit({ a: 1 }, { idempotencyKey }),
      RPC: (idempotencyKey: string) => system.emit({ a: 1 }, { idempotencyKey }),
      SQL: (key: string) => inSql('{"a":1}', key),
      filter: (idempotencyKey: string) => system.operate("listEvents", { idempotencyKey }),
      CLI: (key: string) => command("events", "--idempotency-key", key),
    };
    expect(await judged(doors, KEYS)).toEqual(expected(doors, KEYS));
    // One key means one event, through any door.
    const [found] = await system.database.query(
      "select count(*)::int as n from eventhub.events where idempotency_key = $1",
      ["😀".repeat(255)],
    );
    expect(found).toEqual({ n: 1 });
    const withoutSql = { RPC: doors.RPC, fake: doors.fake, filter: doors.filter, CLI: doors.CLI };
    expect(await judged(withoutSql, UNSTORABLE)).toEqual(expected(withoutSql, UNSTORABLE));
  });

  test("names of routes: in a configuration, and looked for", async () => {
    const doors = {
      ...configured((name) => [{ name, destination: "A" }]),
      filter: (route: string) => system.operate("listDispatches", { route }),
      CLI: (route: string) => command("list", "--route", route),
    };
    expect(await judged(doors, NAMES)).toEqual(expected(doors, NAMES));
  });

  test("moments: when to deliver, since when to look, and between which times to match", async () => {
    const between = (moment: string) => ({ path: "$.at", between: { gte: "2000-01-01", lte: moment } });
    const always = { path: "$.at", between: { gte: "2000-01-01", lt: "2100-01-01" } };
    const { match } = compileRoutes({ routes: [{ destination: "A", condition: always }] });
    const fake = fakeEventHub({ routes: [] });
    const doors = {
      RPC: (deliverAt: string) => system.emit({ a: 1 }, { deliverAt }),
      fake: (deliverAt: string) => fake.emit({ a: 1 }, { deliverAt }),
      filter: (since: string) => system.operate("listEvents", { since }),
      "finished since": (resultedSince: string) => system.operate("listDispatches", { resultedSince }),
      console: inConsole("from"),
      CLI: (since: string) => command("events", "--since", since),
      ...configured((moment) => [{ destination: "A", condition: between(moment) }]),
      "a payload that is matched": (at: string) => {
        if (match({ at }).length === 0) throw new Error("[invalid_arguments] it is no moment");
      },
    };
    // The console's form trims a text.
    const inputs = MOMENTS.filter(([, moment]) => moment === moment.trim());
    expect(await judged(doors, inputs)).toEqual(expected(doors, inputs));
  });
});

test("a call of many small values is refused before the database would work on it for longer than a call lasts", async () => {
  const ones = JSON.parse(PAYLOADS.find(([name]) => name === "as many bytes as there may be, of ones")?.[1] ?? "");
  expect(ones.a.length).toBeGreaterThan(MAX_CALL_VALUES / 4);
  await expect(system.emit([ones, ones, ones, ones])).rejects.toThrow(
    "[too_large] events[3]: the payloads of a call must contain at most 2000000 values together (members and elements)",
  );
});

test("a route from the hub gets the hub's own events, and nothing that a producer can write", async () => {
  const { database } = system;
  await database.query(
    "insert into eventhub.destinations (name, paused_at, paused_by) values ('OWN EVENTS', now(), 'operator')",
  );
  const [told] = await database.query<{ id: string }>(
    "select id from eventhub.events where own and payload ->> 'destination' = 'OWN EVENTS'",
  );
  const forged = { destination: "OWN EVENTS", by: "operator", at: new Date().toISOString() };
  const [written] = await database.query<{ id: string }>("select eventhub.emit($1::jsonb) as id", [
    JSON.stringify(forged),
  ]);
  const { events } = await system.emit(forged);
  await system.operate("tick");
  const routes = async (id = "") => (await system.settled(id)).map(({ route }) => route);
  expect(await routes(told?.id)).toEqual(["from the hub"]);
  expect(await routes(written?.id)).toEqual(["from producers"]);
  expect(await routes(events[0]?.id)).toEqual(["from producers"]);
  // A replay by the current routes keeps their origin.
  await system.operate("replayEvents", { ids: [told?.id, written?.id] }, { routing: "current" });
  expect(await routes(told?.id)).toEqual(["from the hub", "from the hub"]);
  expect(await routes(written?.id)).toEqual(["from producers", "from producers"]);
});
