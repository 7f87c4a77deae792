import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "../../schema/contract/operations.ts";
import type { DispatchDetail, Page, Traffic } from "../../schema/contract/operator.ts";
import type { Problems } from "../../schema/contract/problems.ts";
import { startCommands } from "../support/command-process.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory } from "../support/history.ts";
import { opsEnv, printed as print, ROUTING } from "../support/ops.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

const env = () => opsEnv(database);
const printed = (...args: string[]) => print(env(), ...args);
const json = async <T>(...args: string[]) => JSON.parse(await printed("--json", "--actor", "ada", ...args)) as T;

describe("beside the id of one dispatch", () => {
  const insert = async (status: string) =>
    (await insertHistory(database, [{ status, destination: "ONE" }]))[0]?.id ?? "";
  const state = () =>
    database.query("select id, status from eventhub.dispatches where destination = 'ONE' order by id");

  test("options that say which and how many are refused, and nothing is done", async () => {
    const [failed, ongoing] = [await insert("failed"), await insert("ongoing")];
    const before = await state();
    const selecting = [
      "--dry-run",
      "--all",
      "--limit=1",
      "--destination=ONE",
      "--status=failed",
      "--overdue",
      "--event=x",
    ];
    for (const option of [...selecting, "--per-second=1"]) {
      const [name] = option.split("=");
      await expect(printed("retry", failed, option)).rejects.toThrow(
        `[invalid_arguments] ${name}: belongs to a filter, not to the id of one dispatch`,
      );
    }
    for (const option of selecting)
      await expect(printed("cancel", ongoing, option), option).rejects.toThrow("[invalid_arguments] --");
    await expect(printed("retry", "--destination", "ONE", "--max-retries", "1")).rejects.toThrow(
      "[invalid_arguments] --max-retries: belongs to the id of one dispatch, not to a filter",
    );
    expect(await state()).toEqual(before);
  });

  test("an operation's id repeats the call, and a retry takes what it changes", async () => {
    const [failed, ongoing] = [await insert("failed"), await insert("ongoing")];
    const [one, two] = [randomUUID(), randomUUID()];
    const retry = ["retry", failed, "--operation-id", one, "--max-retries", "0", "--timeout-seconds", "5"];
    const made = await json<DispatchDetail>(...retry, "--delay-seconds", "3600");
    expect(made).toMatchObject({ retryOf: failed, maxRetries: 0, timeoutSeconds: 5, operationId: one });
    expect(new Date(made.nextAttemptAt).getTime()).toBeGreaterThan(Date.now() + 3_000_000);
    expect(await json<DispatchDetail>(...retry, "--delay-seconds", "3600")).toMatchObject({ id: made.id });
    await expect(json(...retry)).rejects.toThrow("[conflict] options.operationId");
    const cancel = ["cancel", ongoing, "--operation-id", two];
    expect(await json(...cancel)).toEqual(await json(...cancel));
    expect(await json<Operation>("operation", two)).toMatchObject({
      action: "cancel_dispatch",
      arguments: { id: ongoing },
    });
    expect(await printed("operation", two)).toContain(`{"id":"${ongoing}"}`);
    await expect(printed("pause", "ONE", "--operation-id", two)).rejects.toThrow("[conflict] options.operationId");
  });
});

test("what needs an operator, what came in, and what is overdue or retried are found", async () => {
  const at = new Date(Date.now() - 3_600_000);
  const [one, two, late] = await insertHistory(database, [
    { status: "failed", destination: "FOUND", reason: "HTTP 500", at },
    { status: "failed", destination: "FOUND", reason: "HTTP 501", at },
    { status: "ongoing", destination: "FOUND", at },
  ]);
  await printed("retry", one?.id ?? "");
  const list = async (...options: string[]) =>
    (await json<Page<{ id: string }>>("list", "--destination", "FOUND", ...options)).items.map(({ id }) => id);
  expect(await list("--overdue")).toEqual([late?.id]);
  expect(await list("--retried")).toEqual([one?.id]);
  expect(await list("--no-retried", "--status", "failed")).toEqual([two?.id]);
  expect(await list("--no-overdue", "--status", "failed")).toHaveLength(2);
  expect(await json<Problems>("problems", "--destination", "FOUND", "--since", "2h")).toMatchObject({
    failures: [{ dispatches: 1, reason: "HTTP 501" }],
    overdue: [{ destination: "FOUND", example: late?.id }],
  });
  const problems = await printed("problems", "--destination", "FOUND");
  expect(problems).toMatch(/1 not retried since 20/);
  expect(problems).toContain(late?.id);
  expect(await printed("problems", "--destination", "QUIET", "--since", "2026-11-24")).toMatch(
    /^0 not retried since 2026-11-24T00:00:00\.000Z\nnothing is overdue$/m,
  );
  const { emitted } = await json<Traffic>("traffic", "--since", "2h", "--bucket", "day");
  expect(emitted[0]?.events).toBeGreaterThanOrEqual(3);
  expect(await printed("traffic")).toMatch(/events.*p99 ms/);
});

test("a faulty file is told with the line and column of its fault", async () => {
  const directory = await mkdtemp(join(tmpdir(), "eventhub-ops-"));
  try {
    const [bad, list] = [join(directory, "bad.json"), join(directory, "list.json")];
    await writeFile(bad, '{\n  "routes": [}');
    await writeFile(list, "[]");
    await expect(printed("--routing", bad, "destinations")).rejects.toThrow(`${bad}:2:14: is not JSON`);
    await expect(printed("--routing", ROUTING, "explain", bad)).rejects.toThrow(`${bad}:2:14: is not JSON`);
    await expect(printed("--routing", ROUTING, "explain", list)).rejects.toThrow("a payload must be a JSON object");
    await expect(printed("--routing", ROUTING, "explain", "missing.json")).rejects.toThrow(
      "missing.json: cannot be read",
    );
    await expect(printed("replay", "--as", "same", "--since", "1h", "--dry-run")).rejects.toThrow(
      "[misconfigured] give the route configuration: --routing FILE",
    );
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("a plain Postgres URL needs nothing beside it, and a faulty one is told without being shown", async () => {
  const { DATABASE_ENDPOINT: _, ...plain } = env();
  const commands = await startCommands(plain);
  try {
    expect((await commands.run(["ops", "--json", "operations"])).stdout).toMatch(/^\[/);
    for (const url of ["", "secret", "postgresql://u:secret%@h/db"]) {
      const { code, stderr } = await commands.run(["ops", "operations"], { DATABASE_URL: url });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/^(set DATABASE_URL=|DATABASE_URL is not)/),
      });
      expect(stderr).not.toContain("secret");
    }
  } finally {
    commands.stop();
  }
});
