import type { Client } from "pg";
import { type Journal, record } from "./journal.ts";
import { type Migration, withoutComments } from "./read-migrations.ts";
import { type Patience, runStep } from "./run-step.ts";
import { oneStep, type Step, stepsOf } from "./steps.ts";

/** Applies the migrations that the journal lacks, each in one transaction, or in steps that are recorded one by one. Returns their names. */
export async function applyMissing(
  client: Client,
  migrations: readonly Migration[],
  { progress }: Journal,
  patience: Patience,
): Promise<string[]> {
  const missing = migrations.filter(({ hash }) => progress.get(hash)?.finished !== true);
  if (missing.length === 0) return [];
  const ours = await ownsSchema(client);
  const filled = await holdsData(client);
  for (const migration of missing) {
    const done = progress.get(migration.hash)?.steps ?? 0;
    const steps = migration.inSteps && (filled || done > 0) ? stepsOf(migration) : oneStep(migration);
    for (const [index, step] of steps.entries()) {
      if (index < done) continue;
      const finished = index === steps.length - 1;
      const write = () => record(client, migration, { steps: index + 1, finished });
      await runStep(client, permitted(step, ours), write, patience).catch((error: unknown) => {
        throw new Error(`${migration.name}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      });
    }
  }
  return missing.map(({ name }) => name);
}

/** Without creating the schema, which exists, and without comments that only its owner may write. */
function permitted(step: Step, ours: boolean): Step {
  if (step.op !== "transaction") return step;
  const statements = step.statements.filter((statement) => {
    const bare = withoutComments(statement);
    return !/^CREATE SCHEMA "eventhub"/i.test(bare) && (ours || !/^COMMENT ON SCHEMA eventhub\b/i.test(bare));
  });
  return { ...step, statements };
}

async function ownsSchema(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ ours: boolean }>(
    "select pg_has_role(nspowner, 'usage') as ours from pg_namespace where nspname = 'eventhub'",
  );
  return rows[0]?.ours === true;
}

/** Without an event there is no dispatch and no execution. */
async function holdsData(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>("select to_regclass('eventhub.events') is not null as there");
  if (rows[0]?.there !== true) return false;
  return (await client.query("select from eventhub.events limit 1")).rowCount === 1;
}
