import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Migration, readMigrations } from "../../../infra/cli/migrate/read-migrations.ts";
import { blockingStatements, oneStep, stepsOf } from "../../../infra/cli/migrate/steps.ts";
import { packageRoot } from "../../../infra/package-root.ts";

const migration = (...statements: string[]): Migration => {
  return { name: "0007_x", hash: "", statements, inSteps: true, snapshotFile: undefined };
};

describe("a migration of tables that hold data", () => {
  test("builds and drops indexes outside of a transaction, except on a table that it creates", () => {
    const steps = stepsOf(
      migration(
        '-- concurrently\n-- Why.\nCREATE UNIQUE INDEX "one" ON "eventhub"."events" USING btree ("id") WHERE not own;',
        'DROP INDEX "eventhub"."two";',
        'CREATE TABLE "eventhub"."limits" ("name" text);',
        'CREATE INDEX "three" ON "eventhub"."limits" ("name");',
      ),
    );
    expect(steps).toEqual([
      {
        op: "create index",
        index: "one",
        statement: 'CREATE UNIQUE INDEX CONCURRENTLY "one" ON "eventhub"."events" USING btree ("id") WHERE not own;',
      },
      { op: "drop index", index: "two", statement: 'DROP INDEX CONCURRENTLY IF EXISTS "eventhub"."two"' },
      { op: "transaction", statements: ['CREATE TABLE "eventhub"."limits" ("name" text);'] },
      { op: "transaction", statements: ['CREATE INDEX "three" ON "eventhub"."limits" ("name");'] },
    ]);
  });

  test("changes one table per transaction, and validates constraints separately", () => {
    const steps = stepsOf(
      migration(
        'ALTER TABLE "eventhub"."events" ADD COLUMN "a" text;',
        'ALTER TABLE "eventhub"."events" ADD COLUMN "b" text;',
        'ALTER TABLE "eventhub"."dispatches" ADD COLUMN "a" text;',
        'ALTER TABLE "eventhub"."dispatches" ADD CONSTRAINT "c" CHECK (a > 0);',
        'ALTER TABLE "eventhub"."dispatches" ADD COLUMN "b" text;',
        "COMMENT ON COLUMN eventhub.dispatches.b IS 'Built concurrently.'",
      ),
    );
    expect(steps).toEqual(
      [
        [
          'ALTER TABLE "eventhub"."events" ADD COLUMN "a" text;',
          'ALTER TABLE "eventhub"."events" ADD COLUMN "b" text;',
        ],
        ['ALTER TABLE "eventhub"."dispatches" ADD COLUMN "a" text;'],
        ['ALTER TABLE "eventhub"."dispatches" ADD CONSTRAINT "c" CHECK (a > 0) NOT VALID'],
        ['ALTER TABLE "eventhub"."dispatches" VALIDATE CONSTRAINT "c"'],
        ['ALTER TABLE "eventhub"."dispatches" ADD COLUMN "b" text;'],
        ["COMMENT ON COLUMN eventhub.dispatches.b IS 'Built concurrently.'"],
      ].map((statements) => ({ op: "transaction", statements })),
    );
  });

  test("is one transaction if the tables are empty, even for statements written to run outside of one", () => {
    const one = oneStep(
      migration('CREATE INDEX CONCURRENTLY "a" ON "eventhub"."events" ("id")', "SELECT 'CONCURRENTLY '"),
    );
    expect(one).toEqual([
      { op: "transaction", statements: ['CREATE INDEX "a" ON "eventhub"."events" ("id")', "SELECT 'CONCURRENTLY '"] },
    ]);
  });
});

test("every migration that builds indexes on tables with data is marked to run in steps", () => {
  const all = readMigrations(join(packageRoot(), "schema", "migrations"));
  for (const one of all.filter(({ inSteps }) => !inSteps))
    expect([one.name, blockingStatements(one)]).toEqual([one.name, []]);
  expect(
    all
      .slice(0, 7)
      .filter((one) => one.inSteps)
      .map((one) => [one.name, blockingStatements(one).length]),
  ).toEqual([
    ["0002_operate_tables", 12],
    ["0006_held_millions", 2],
  ]);
});
