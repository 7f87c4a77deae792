import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DispatchesDryRun, Operation, ReplayDryRun } from "../../schema/contract/operations.ts";
import type { DispatchDetail, Page } from "../../schema/contract/operator.ts";
import type { TailedResult } from "../../schema/contract/tail.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, type Past } from "../support/history.ts";
import { OPS, ops, opsEnv, printed as print, ROUTING } from "../support/ops.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

const env = () => opsEnv(database);
const printed = (...args: string[]) => print(env(), ...args);
const json = async <T>(...args: string[]) => JSON.parse(await printed("--json", "--actor", "ada", ...args)) as T;

test("the command line goes from what failed to all repaired", async () => {
  const hourAgo = new Date(Date.now() - 3_600_000);
  const failed = await insertHistory(
    database,
    Array.from(
      { length: 12 },
      (): Past => ({ status: "failed", reason: "HTTP 503", at: hourAgo, destination: "BILLING" }),
    ),
  );
  const [waiting] = await insertHistory(database, [{ status: "ongoing", at: hourAgo }]);

  const page = await json<Page<{ id: string }>>(
    "list",
    "--status",
    "failed,lost",
    "--since",
    "2h",
    "--reason",
    "http",
    "--limit",
    "5",
  );
  expect(page.items.map(({ id }) => id)).toEqual(
    failed
      .slice(-5)
      .reverse()
      .map(({ id }) => id),
  );
  const rest = await json<Page<{ id: string }>>(
    ...["list", "--status", "failed,lost", "--since", "2h", "--reason", "http", "--limit", "5"],
    ...["--cursor", page.cursor ?? ""],
  );
  expect(rest.items.map(({ id }) => id)).toEqual(
    failed
      .slice(2, 7)
      .reverse()
      .map(({ id }) => id),
  );
  expect((await ops(env(), "list", "--status", "failed", "--limit", "1")).stdout).toContain("BILLING");
  expect(await printed("show", failed[0]?.id ?? "")).toContain("HTTP 503");

  const bulk = ["retry", "--destination", "BILLING", "--status", "failed"];
  expect(await json<DispatchesDryRun>(...bulk, "--dry-run")).toMatchObject({ dispatches: 12, exact: true });
  expect(await json<DispatchDetail>("retry", failed[0]?.id ?? "")).toMatchObject({ retryOf: failed[0]?.id });
  expect(await json<Operation>(...bulk, "--yes")).toMatchObject({ state: "finished", affected: 11, actor: "ada" });
  expect(await json<DispatchDetail>("cancel", waiting?.id ?? "")).toMatchObject({
    status: "cancelled",
    reason: "cancelled by ada",
  });
  expect(await json("pause", "BILLING", "upgrade")).toMatchObject({
    pausedBy: "operator",
    pauseReason: "upgrade",
    ongoing: 12,
  });
  expect(await printed("destinations")).toContain("paused by operator");
  expect(await json("resume", "BILLING")).toMatchObject({ pausedAt: null, draining: true });
  expect(
    await json<ReplayDryRun>(
      "--routing",
      ROUTING,
      "replay",
      "--as",
      "current",
      "--event",
      failed[1]?.eventId ?? "",
      "--dry-run",
    ),
  ).toMatchObject({
    events: 1,
    destinations: [
      { destination: "BILLING", same: 1, current: 0 },
      { destination: "SCRIPTED", current: 1 },
    ],
  });
  const operations = await json<Operation[]>("operations");
  expect(operations.map(({ action }) => action)).toEqual([
    "resume_destination",
    "pause_destination",
    "cancel_dispatch",
    "retry_dispatches",
    "retry_dispatch",
  ]);
  expect(await printed("stats", "--since", "2h")).toContain("12 failed");
});

test("what it refuses, it refuses with the code on stderr, and an exit code for it", async () => {
  const refused = async (expected: number, message: string, ...args: string[]) => {
    const { code, stdout, stderr } = await ops(env(), ...args);
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr).toContain(message);
  };
  await refused(3, '[not_found] there is no destination "NOWHERE"', "pause", "NOWHERE");
  await refused(2, "give a filter, or --all for everything", "retry");
});

test("tail tells what was there, and each change once, as it happens", async () => {
  const [before, waiting] = await insertHistory(database, [
    { status: "failed", destination: "FOLLOWED", attempts: 4 },
    { status: "ongoing", destination: "FOLLOWED" },
  ]);
  const child = spawn(process.execPath, [OPS, "--json", "tail", "--destination", "FOLLOWED"], {
    env: env(),
  });
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse(String((await lines.next()).value)) as TailedResult;
    expect(await next()).toMatchObject({ what: "result", dispatchId: before?.id, status: "failed", attempts: 4 });
    await database.query(
      "update eventhub.dispatches set status = 'complete', resulted_at = now(), attempts = 1 where id = $1",
      [waiting?.id],
    );
    expect(await next()).toMatchObject({ what: "result", dispatchId: waiting?.id, status: "complete", attempts: 1 });
  } finally {
    child.kill();
  }
});
