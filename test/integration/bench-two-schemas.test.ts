import { Pool } from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { makeTwoSchemas } from "../bench/stack/two-schemas.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let pool: Pool;

beforeEach(async () => {
  database = await createDatabase({ empty: true });
  await migrate(database.url);
  // One session, like each of the endpoint's: it must not continue with its earlier tables.
  pool = new Pool({ connectionString: database.url, max: 1 });
});

afterEach(async () => {
  await pool.end();
  await database.drop();
});

const emit = () => pool.query(`select eventhub.emit('{"n": 1}')`);
const events = async () => (await pool.query("select count(*)::int as n from eventhub.events")).rows;

it("the benchmark's full and empty tables take turns under one name, each with its own rows, and the full ones remain", async () => {
  for (let n = 0; n < 3; n++) await emit();
  const schemas = await makeTwoSchemas(database.url, pool);
  expect(await events()).toEqual([{ n: 0 }]);
  await emit();
  await schemas.use("full");
  expect(await events()).toEqual([{ n: 3 }]);
  await emit();
  await schemas.use("empty");
  expect(await events()).toEqual([{ n: 1 }]);
  await schemas.end();
  expect(await events()).toEqual([{ n: 4 }]);
  expect((await pool.query("select nspname from pg_namespace where nspname like 'eventhub%'")).rows).toEqual([
    { nspname: "eventhub" },
  ]);
});
