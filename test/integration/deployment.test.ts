import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Deployment } from "../../schema/contract/deployment.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { NEWEST_MIGRATION } from "../../schema/database/newest-migration.ts";
import { beginRun } from "../../schema/queries/setup/beat.ts";
import { CHECK_WORDS } from "../../schema/vocabulary/check-words.ts";
import { VERSION } from "../../schema/vocabulary/version.ts";
import { examineDeployment } from "../../workers/hub/operator/examine-deployment.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory } from "../support/history.ts";
import { opsEnv, printed } from "../support/ops.ts";
import { type System, startSystem } from "../support/system.ts";

/** What is reported about a deployed hub: by the checks, over RPC and in a terminal. Forgotten parts are in first-day.test.ts. */

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

describe("the checks", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database?.drop());
  beforeEach(async () => {
    await database.clear();
    await database.query(
      `update eventhub.heartbeats set at = now(), next_at = now() + interval '1 minute', version = '1.0.0', migration = $1, configuration = 'aa', skew_ms = 5,
         deployed_at = now() - interval '1 hour', finished_at = now(), took_ms = 3, found = '{}', other = null, alternates_since = null`,
      [NEWEST_MIGRATION],
    );
  });

  const set = (columns: string, part: "hub" | "executor" = "hub") =>
    database.query(`update eventhub.heartbeats set ${columns} where name = '${part}'`);
  /** Lets so many minutes pass for a part, by the times that are stored. */
  const letPass = (part: "hub" | "executor", minutes: number) =>
    database.query(
      `update eventhub.heartbeats set at = at - m, deployed_at = deployed_at - m, alternates_since = alternates_since - m
         from make_interval(mins => $1) m where name = '${part}'`,
      [minutes],
    );
  /** The faults, without those of the settings of the tests' Postgres, which loses data in a crash. */
  const faults = async () => {
    const { delivers, faults } = await examineDeployment(openDatabase(database));
    const told = faults.filter(({ check }) => check !== "database_risky");
    return { delivers, told: told.map(({ check, detail }) => [check, detail]) };
  };

  test("find nothing where nothing is wrong", async () => {
    await insertHistory(database, [{ status: "complete", at: ago(30) }]);
    expect(await faults()).toEqual({ delivers: true, told: [] });
  });

  test("find a database that is older than the code of a Worker that runs", async () => {
    await set("migration = '9999_later'", "executor");
    expect(await faults()).toEqual({
      delivers: false,
      told: [["migrations_behind", `it has had ${NEWEST_MIGRATION}, and executor needs 9999_later`]],
    });
  });

  test.each([
    ["configuration", "configurations_differ", null],
    ["version", "versions_differ", "hub bb, executor 1.0.0"],
  ])("find that hub and executor differ in their %s, once a deployment is over", async (column, check, detail) => {
    await set(`${column} = 'bb', deployed_at = now() - interval '9 minutes'`);
    expect((await faults()).told.map(([name]) => name)).toEqual([]);
    await set("deployed_at = now() - interval '11 minutes'");
    expect(await faults()).toEqual({ delivers: true, told: [[check, detail]] });
  });

  test.each(["hub", "executor"] as const)(
    "find two deployments of the %s with configurations of their own, and no rollback",
    async (part) => {
      const run = (configuration: string) =>
        openDatabase(database).run(beginRun(part, { configuration, nextSeconds: 60, sleeps: false }));
      const pass = (minutes: number) => letPass(part, minutes);
      // One that is replaced and comes back, with the other's configuration in the end.
      for (const configuration of ["aa", "bb", "aa"]) {
        await run(configuration);
        await pass(1);
      }
      for (let minute = 0; minute < 30; minute++) {
        await run("aa");
        await pass(1);
        expect((await faults()).told).toEqual([]);
      }
      for (let minute = 0; minute < 12; minute++) {
        await run(minute % 3 === 0 ? "bb" : "aa");
        await pass(1);
      }
      const told = [["configurations_differ", `the ${part} runs with two in turn`]];
      expect(await faults()).toEqual({ delivers: true, told });
      // Once one of them is gone, for as long as a deployment takes.
      for (let minute = 0; minute < 11; minute++) {
        await run("aa");
        await pass(1);
      }
      await run("aa");
      expect(await faults()).toEqual({ delivers: true, told: [] });
    },
  );

  test.each(["hub", "executor"] as const)(
    "find no two deployments of the %s where one was rolled back, slept for hours and was deployed again",
    async (part) => {
      const run = (configuration: string) =>
        openDatabase(database).run(beginRun(part, { configuration, nextSeconds: undefined, sleeps: true }));
      await run("bb");
      await letPass(part, 3);
      await run("aa");
      await letPass(part, 5 * 60);
      expect((await faults()).told).toEqual([]);
      await run("bb");
      expect((await faults()).told).toEqual([]);
      await letPass(part, 9);
      expect((await faults()).told).toEqual([]);
      // It comes back within a deployment's time: from now on they take turns.
      await run("aa");
      await letPass(part, 2);
      const told = [["configurations_differ", `the ${part} runs with two in turn`]];
      expect(await faults()).toEqual({ delivers: true, told });
      // Also quiet is time alone.
      await letPass(part, 9);
      expect(await faults()).toEqual({ delivers: true, told: [] });
    },
  );

  test("find a clock that differs, in either direction", async () => {
    await set("skew_ms = -12300");
    await set("skew_ms = 4900", "executor");
    expect(await faults()).toEqual({ delivers: true, told: [["clock_skew", "hub by 12.3 s"]] });
  });

  test("find a run that failed", async () => {
    await set(`found = '{"requeued": 3, "failed": "drain, prune"}'`, "executor");
    expect(await faults()).toEqual({ delivers: true, told: [["run_failed", "executor: drain, prune"]] });
  });

  test("find what the executor reports as missing", async () => {
    await set(`found = '{"unbound": "the executor has no binding MAIL"}'`, "executor");
    expect(await faults()).toEqual({
      delivers: true,
      told: [["binding_missing", "the executor has no binding MAIL"]],
    });
  });

  test("find a cron that has missed its next run, but not one that only runs seldom", async () => {
    await insertHistory(database, [{ status: "complete", at: ago(120) }]);
    await set("at = now() - interval '40 minutes', next_at = now() + interval '20 minutes'");
    expect((await faults()).told).toEqual([]);
    await set("at = now() - interval '80 minutes', next_at = now() - interval '20 minutes'");
    expect(await faults()).toEqual({ delivers: false, told: [["hub_silent", null]] });
  });

  test("find what is overdue and what was lost, and name the destinations", async () => {
    await insertHistory(database, [
      { status: "ongoing", destination: "MAIL", at: ago(10) },
      { status: "lost", destination: "BILLING", at: ago(30) },
      { status: "lost", destination: "BILLING", at: ago(20) },
    ]);
    expect(await faults()).toEqual({
      delivers: true,
      told: [
        ["overdue", "1 to MAIL"],
        ["lost", "2 to BILLING"],
      ],
    });
  });

  test("never say that a hub delivers when it delivers nothing, also not in a terminal", async () => {
    const text = async () => {
      const told = await printed(opsEnv(database), "doctor");
      const { exitCode } = process;
      process.exitCode = undefined;
      return { told, exitCode };
    };
    await insertHistory(database, [{ status: "ongoing", destination: "MAIL", at: ago(10) }]);
    const early = await text();
    expect(early.told).toContain("Not everything is delivered that is due.");
    expect(early.told).not.toContain("The hub delivers");
    expect(early.exitCode).toBeUndefined();

    await database.query("update eventhub.dispatches set next_attempt_at = now() - interval '16 minutes'");
    expect(await faults()).toEqual({
      delivers: false,
      told: [
        ["nothing_delivered", null],
        ["overdue", "1 to MAIL"],
      ],
    });
    const late = await text();
    expect(late.told).toContain(`fault nothing_delivered: ${CHECK_WORDS.nothing_delivered.what}, since `);
    expect(late.told).toContain("This deployment of the hub cannot deliver.");
    expect(late.exitCode).toBe(1);
  });

  test("find an invalid index", async () => {
    const valid = (value: boolean) =>
      database.query("update pg_index set indisvalid = $1 where indexrelid = 'eventhub.events_invalid'::regclass", [
        value,
      ]);
    await valid(false);
    expect(await faults()).toEqual({ delivers: true, told: [["invalid_index", "events_invalid"]] });
    await valid(true);
  });

  test("find a table that nobody vacuums", async () => {
    await database.query(
      "insert into eventhub.metric_counts (metric, destination) select 'x', n::text from generate_series(1, 12000) n",
    );
    await database.query("delete from eventhub.metric_counts where metric = 'x'");
    const dead = async () => {
      await Promise.all(Array.from({ length: 10 }, () => database.query("select pg_stat_force_next_flush()")));
      return (await faults()).told;
    };
    await expect.poll(dead).toEqual([["vacuum_behind", "metric_counts has 12000 dead rows"]]);
    await database.query("vacuum eventhub.metric_counts");
    await expect.poll(dead).toEqual([]);
  });

  test("find a database that takes no writes", async () => {
    const other = await createDatabase();
    try {
      await other.query(`alter database ${other.name} set default_transaction_read_only = on`);
      const { delivers, faults } = await examineDeployment(openDatabase(other));
      expect(delivers).toBe(false);
      expect(faults.find(({ check }) => check === "database_unfit")?.detail).toBe(
        "default_transaction_read_only is on",
      );
    } finally {
      await other.drop();
    }
  });

  test("find settings that take a promise away", async () => {
    const { faults } = await examineDeployment(openDatabase(database));
    expect(faults.find(({ check }) => check === "database_risky")?.detail).toMatch(
      /^synchronous_commit is off: .*, autovacuum is off$/,
    );
  });
});

describe("a hub that runs", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  test("says with each run who it is, what it found and when it looks next", async () => {
    await system.emit({ to: "UNBOUND" });
    await system.harness.getWorker("hub").scheduled({ cron: "*/5 * * * *" });
    await system.harness.getWorker("executor").scheduled({ cron: "* * * * *" });
    const { delivers, faults, runs } = await system.operate<Deployment>("deployment");
    expect(delivers).toBe(true);
    // Before anything is delivered there.
    const missing = faults.find(({ check }) => check === "binding_missing");
    expect(missing?.detail).toMatch(/^the executor has no secret HOOK_SECRET_NEW; .*; and \d+ more$/);
    expect(runs.map(({ part, version, migration }) => [part, version, migration])).toEqual([
      ["hub", VERSION, NEWEST_MIGRATION],
      ["executor", VERSION, NEWEST_MIGRATION],
    ]);
    const [hub, executor] = runs;
    expect(hub?.configuration).toMatch(/^[0-9a-f]{16}$/);
    expect(executor?.configuration).toBe(hub?.configuration);
    const seconds = runs.map(({ at, nextAt }) => (Date.parse(String(nextAt)) - Date.parse(String(at))) / 1_000);
    expect(seconds).toEqual([300, 60]);
    expect(hub?.found).toEqual({ operations: 0, routed: 0 });
    expect(runs.every(({ finishedAt, tookMs }) => finishedAt !== null && Number(tookMs) >= 0)).toBe(true);
    const [skew] = await system.database.query<{ most: number }>(
      "select max(abs(skew_ms)) as most from eventhub.heartbeats",
    );
    expect(skew?.most).toBeLessThan(5_000);
  });

  test("notes what failed, and the terminal says what is wrong and ends with 1 where it cannot deliver", async () => {
    await system.database.query("alter table eventhub.flow_destinations rename override to override_away");
    await expect(system.reconcile()).rejects.toThrow();
    await system.database.query("alter table eventhub.flow_destinations rename override_away to override");
    const env = opsEnv(system.database);
    expect(await printed(env, "doctor")).toMatch(
      /note run_failed: the last run of the hub or of the executor failed, wholly or in part \(executor: flows\), since .* at least; the log/,
    );
    expect(process.exitCode).toBeUndefined();
    await system.reconcile();
    expect(await printed(env, "doctor")).not.toContain("run_failed");

    await system.database.query("update eventhub.events set created_at = created_at - interval '1 hour'");
    await system.database.query(
      "update eventhub.heartbeats set at = now() - interval '30 minutes', next_at = null where name = 'executor'",
    );
    const text = await printed(env, "doctor");
    const { exitCode } = process;
    process.exitCode = undefined;
    expect(exitCode).toBe(1);
    const { what, todo } = CHECK_WORDS.executor_silent;
    expect(text).toContain(`fault executor_silent: ${what}, since `);
    expect(text).toContain(todo);
    expect(text).toContain("This deployment of the hub cannot deliver.");
    const [line = ""] = (await printed(env, "--json", "doctor")).split("\n");
    process.exitCode = undefined;
    expect(JSON.parse(line)).toMatchObject({
      delivers: false,
      faults: [{ check: "executor_silent", what, todo }, { check: "binding_missing" }, { check: "database_risky" }],
    });
  });
});
