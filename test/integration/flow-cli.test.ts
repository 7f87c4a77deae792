import { expect, test } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import type { TestDatabase } from "../support/database.ts";
import { arrived, insertWaiting, Puller, useDatabase } from "../support/flow-database.ts";
import { opsEnv, printed } from "../support/ops.ts";

let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

const run = (...args: string[]) => printed(opsEnv(stored), ...args);
const json = async (...args: string[]) => JSON.parse(await run("--json", "--actor", "ada", ...args));

test("a key that floods is found, held, slowed and let go in a terminal", async () => {
  const ids = await insertWaiting(stored, [{ key: "loud" }, { key: "loud" }, { key: "loud" }, { key: "quiet" }]);
  await arrived(database, ids);
  const busiest = await json("flow", "--destination", "LIMITED", "--busiest", "--limit", "1");
  expect(busiest).toMatchObject({ items: [{ key: "loud", waiting: 3, waitingFor: "turn" }] });

  expect(await run("pause-key", "LIMITED", "loud", "--reason", "floods us")).toContain("floods us");
  expect(await run("flow", "--waiting-for", "pause")).toMatch(/loud +3 .*pause since .*: floods us/);
  expect(await json("resume-key", "LIMITED", "loud")).toMatchObject({ pausedAt: null });

  const set = await json("set-flow", "LIMITED", "--key", "loud", "--rate", "1/60", "--burst", "2", "--until", "2h");
  expect(set).toMatchObject({ override: { rate: { limit: 1, perSeconds: 60, burst: 2 } } });
  expect(await run("flow")).toContain("rate 1/60 s, burst 2, until ");
  const { ids: taken } = await new Puller(database, {}).take();
  expect(taken).toHaveLength(3);
  expect(await json("flow", "--key", "loud")).toMatchObject({
    items: [{ waiting: 1, inFlight: 2, waitingFor: "rate" }],
  });
  expect(await json("reset-flow", "LIMITED", "--key", "loud")).toMatchObject({ override: null, waitingFor: "turn" });
  expect(await json("set-flow", "LIMITED", "--concurrency", "none", "--until", "30m")).toMatchObject({
    override: { concurrency: null },
    inFlight: 3,
  });
  const operations = (await json("operations")) as { actor: string; action: string }[];
  expect(operations.map(({ action }) => action)).toEqual([
    "set_flow",
    "reset_flow",
    "set_flow",
    "resume_key",
    "pause_key",
  ]);
  await expect(run("set-flow", "LIMITED", "--burst", "2", "--until", "2h")).rejects.toThrow(
    "[invalid_arguments] --burst: needs a --rate",
  );
  await expect(run("set-flow", "LIMITED", "--weight", "2", "--until", "9999999d")).rejects.toThrow(
    "Give a time before the year 10000.",
  );
});

test("a held order says so in every place, and goes on when it is released", async () => {
  const [failing = "", next = "", last = ""] = await insertWaiting(stored, [
    { order: "o-17", key: "k" },
    { order: "o-17", key: "k" },
    { order: "o-17", key: "k" },
  ]);
  await arrived(database, [failing], { rules: { hold: true } });
  const puller = new Puller(database, { hold: true });
  const { rows } = await puller.take();
  for (const row of rows) await puller.end(row, "failed");
  expect(await run("flow", "--held")).toContain(`${failing}, order o-17`);
  expect(await run("show", last)).toContain(`held: 1 before it in order o-17, first ${next}, held by ${failing}`);
  expect(await run("show", failing)).toMatch(/held +true/);
  const listed = await json("list", "--order-key", "o-17", "--flow-key", "k", "--status", "failed");
  expect(listed).toMatchObject({ items: [{ id: failing, flowKey: "k", orderKey: "o-17" }] });
  expect(await json("skip", "LIMITED", "o-17")).toEqual({ released: [failing], next });
  expect((await puller.take()).ids).toEqual([next]);
  expect(await run("retry", "--order-key", "o-17", "--dry-run")).toContain(
    "the order is lost for 1: they are called after dispatches that came later",
  );
});

test("the busiest keys are those that have something to do", async () => {
  const ids = await insertWaiting(stored, [{ key: "done" }, { key: "loud" }]);
  await arrived(database, ids.slice(0, 1));
  const puller = new Puller(database, {});
  for (const row of (await puller.take()).rows) await puller.end(row, "complete");
  await arrived(database, ids.slice(1));
  const keysOf = async (...args: string[]) =>
    (await json("flow", ...args)).items.map(({ key }: { key: string }) => key);
  expect(await keysOf()).toEqual(["done", "loud"]);
  expect(await keysOf("--busiest")).toEqual(["loud"]);
});
