import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { log, output } from "@pulumi/pulumi";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { runProgram as runCommand, wellBehaved } from "../../infra/cli/commander.ts";
import { defineRoutes } from "../../infra/cli/routes/program.ts";
import { recentEvents } from "../../infra/cli/routes/recent-events.ts";
import { EventHub } from "../../infra/cloudflare/event-hub.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { MAX_PAGE_BYTES, MAX_SCANNED_EVENTS } from "../../schema/queries/events/read-recent-events.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { PAGES } from "../support/pages.ts";
import { runProgram } from "../support/pulumi.ts";
import { ran } from "../support/run-here.ts";

const run = promisify(execFile);
const ROUTES = fileURLToPath(new URL("../../infra/cli/routes.ts", import.meta.url));

const EVENTS = 1_203;
const idOf = (index: number) => `01930000-0000-7000-8000-${String(index).padStart(12, "0")}`;

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await createDatabase();
  directory = await mkdtemp(join(tmpdir(), "eventhub-diff-"));
  await database.query(
    `insert into eventhub.events (id, payload, payload_bytes)
     select ('01930000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, jsonb_build_object('n', n), 10
     from generate_series(1, $1::int) n`,
    [EVENTS],
  );
});
afterAll(async () => {
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

const open = () => openDatabase(database);

async function read(count: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of recentEvents(open(), count)) ids.push(id);
  return ids;
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const from = (n: number) => ({ routes: [{ name: "late", condition: { path: "$.n", gt: n }, destination: "A" }] });

describe("stored events", () => {
  test("come newest first, page after page, each once, as many as asked", async () => {
    const all = Array.from({ length: EVENTS }, (_, index) => idOf(EVENTS - index));
    expect(await read(10_000)).toEqual(all);
    expect(await read(1_001)).toEqual(all.slice(0, 1_001));
    expect(await read(1)).toEqual(all.slice(0, 1));
  });

  test("come in more pages where they are large, so that no answer is", async () => {
    const other = await createDatabase();
    try {
      await other.query(
        `insert into eventhub.events (id, payload, payload_bytes)
         select ('01930000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{}', $1 from generate_series(1, 7) n`,
        [MAX_PAGE_BYTES / 2],
      );
      const before = await other.requests();
      const ids: string[] = [];
      const large = openDatabase(other);
      for await (const { id } of recentEvents(large, 100)) ids.push(id);
      expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1].map(idOf));
      // Two, two, two and one event, and the empty page at the end.
      expect((await other.requests()) - before).toBe(5);
    } finally {
      await other.drop();
    }
  });
});

test("events of producers are found among many of the hub's own, a bounded part of them per page", async () => {
  const other = await createDatabase();
  try {
    const own = 2 * MAX_SCANNED_EVENTS + 100;
    await other.query(
      `insert into eventhub.events (id, payload, payload_bytes, own)
       select ('01930000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{}', 2, n not in (1, 2, 10000)
       from generate_series(1, $1::int) n`,
      [own],
    );
    const found = async (count: number, options?: { producers: boolean }) => {
      const ids: string[] = [];
      for await (const { id } of recentEvents(openDatabase(other), count, options)) ids.push(id);
      return ids;
    };
    expect(await found(100, { producers: true })).toEqual([10_000, 2, 1].map(idOf));
    expect(await found(2, { producers: true })).toEqual([10_000, 2].map(idOf));
    expect(await found(2)).toEqual([own, own - 1].map(idOf));
  } finally {
    await other.drop();
  }
});

const environment = () => ({ DATABASE_URL: database.url, DATABASE_ENDPOINT: database.endpoint });

/** What `npm run routes -- diff` prints, and its exit code. It runs in this process, since starting another takes a second. */
async function cli(args: string[], env: Record<string, string> = {}) {
  const program = defineRoutes(wellBehaved(new Command("routes")), { ...environment(), ...env });
  const { code, out, err } = await ran(() => runCommand(program, ["diff", ...args]));
  return { code, output: (code === 0 ? out : err).trimEnd() };
}

describe("npm run routes -- diff", () => {
  test("compares two configurations over the newest events", async () => {
    const [before, after] = [await file("old.json", from(1_200)), await file("new.json", from(1_201))];
    // The output that the page shows.
    const [, shown] = /routes diff.*?```text\n(.*?)\n```/s.exec(PAGES.get("infra/cloudflare/README.md") ?? "") ?? [];
    expect(shown).toContain(idOf(1_201));
    expect(await cli([before, after, "--events=10"])).toEqual({ code: 0, output: shown });
    // The program itself, with its own environment.
    const env = { ...process.env, ...environment() };
    const { stdout } = await run(process.execPath, [ROUTES, "diff", before, after, "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      events: 1_000,
      changed: 1,
      routes: [{ name: "late", matched: [3, 2] }],
    });
  });

  test("needs nothing beside the URL of a plain Postgres", async () => {
    const routes = await file("plain.json", from(0));
    const env: NodeJS.ProcessEnv = { ...process.env, DATABASE_URL: database.url };
    delete env.DATABASE_ENDPOINT;
    const { stdout } = await run(process.execPath, [ROUTES, "diff", routes, routes, "--events=10"], { env });
    expect(stdout).toMatch(/^10 stored events: 0 would make other dispatches/);
  });

  test("says which file is wrong, and where", async () => {
    const good = await file("good.json", from(0));
    const faulty = await file("faulty.json", { routes: [{ destination: "A", maxRetries: -1 }] });
    const { code, output } = await cli([good, faulty]);
    expect(code).toBe(1);
    expect(output).toMatch(/faulty\.json:1:\d+: routes\[0\]\.maxRetries: must be/);
  });

  test.each<[string, string[], Record<string, string>, number, RegExp]>([
    ["one configuration", ["good.json"], {}, 2, /^error: missing required argument 'new.json'/],
    [
      "an option that it does not know",
      ["good.json", "good.json", "--event=1"],
      {},
      2,
      /^error: unknown option '--event=1'/,
    ],
    ["no number of events", ["good.json", "good.json", "--events=some"], {}, 2, /^--events must be an integer/],
    ["too many events", ["good.json", "good.json", "--events=1000001"], {}, 2, /^--events must be an integer/],
    ["no database", ["good.json", "good.json"], { DATABASE_URL: "" }, 2, /^set DATABASE_URL=/],
    [
      "a database URL that is none",
      ["good.json", "good.json"],
      { DATABASE_URL: "x" },
      2,
      /^DATABASE_URL is not a Postgres/,
    ],
  ])("refuses %s", async (_, args, env, code, message) => {
    await file("good.json", from(0));
    const paths = args.map((arg) => (arg.startsWith("--") ? arg : join(directory, arg)));
    expect(await cli(paths, env)).toEqual({ code, output: expect.stringMatching(message) });
  });
});

describe("the component's preview", () => {
  const program = (args: { databaseUrl?: string; against?: unknown }) => () =>
    new EventHub("eventhub", {
      accountId: "account",
      databaseUrl: args.databaseUrl ?? database.url,
      databaseEndpoint: database.endpoint,
      destinations: { A: { kind: "worker", service: "a" } },
      routes: [{ name: "late", condition: { path: "$.n", gt: 1_201 }, destination: "A" }],
      routePreview: { against: output(args.against), events: 10 },
    });

  /** What the preview logs, once it has logged something. */
  async function said(level: "info" | "warn", run: () => unknown): Promise<string> {
    const saying = new Promise<string>((resolve) => {
      vi.spyOn(log, level).mockImplementation(async (message) => resolve(message));
    });
    await runProgram(run, { preview: true });
    return saying;
  }

  test("compares the routes with the deployed ones", async () => {
    const message = await said("info", program({ against: from(1_200) }));
    expect(message).toContain("10 stored events: 1 would make other dispatches");
  });

  test("warns and goes on when the database cannot be asked", async () => {
    const url = new URL(database.url);
    url.pathname = "/no_such_database";
    const message = await said("warn", program({ against: from(0), databaseUrl: url.href }));
    expect(message).toMatch(/^the routes were not compared with stored events: database: .*no_such_database/);
  });

  test("compares nothing at the first deployment, nor outside the preview", async () => {
    const info = vi.spyOn(log, "info").mockResolvedValue();
    const warn = vi.spyOn(log, "warn").mockResolvedValue();
    const before = await database.requests();
    await runProgram(program({ against: undefined }), { preview: true });
    await runProgram(program({ against: from(0) }), { preview: false });
    expect([await database.requests(), info.mock.calls, warn.mock.calls]).toEqual([before, [], []]);
  });
});
