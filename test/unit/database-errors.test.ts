import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { DATABASE_BUDGET_MS, MAX_TRIES, openDatabase } from "../../schema/database/connection.ts";
import { DatabaseError } from "../../schema/database/database-error.ts";
import { NEWEST_MIGRATION } from "../../schema/database/newest-migration.ts";

const url = "postgresql://someone:s3cr3t-pass@db.example.com/main";
let server: Server | undefined;
afterEach(() => server?.close());

/** A database endpoint that gives the given answer to each request; `undefined` cuts the connection. */
async function endpointThat(answer: (request: number) => { status: number; body: object } | undefined) {
  let requests = 0;
  server = createServer((request: IncomingMessage, response) => {
    const reply = answer(++requests);
    if (reply === undefined) {
      request.socket.destroy();
      return;
    }
    request.resume();
    response.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const database = openDatabase({ url, endpoint: `http://127.0.0.1:${port}/sql` });
  return { database, requests: () => requests };
}

const rows = {
  status: 200,
  body: { fields: [{ name: "n", dataTypeID: 23 }], rows: [["1"]], rowCount: 1, command: "SELECT" },
};
/** What Neon's proxy says about a connection that it does not make, with its HTTP status, and what our error says. */
const NEON_REFUSALS: readonly [status: number, message: string, told: string][] = [
  [
    500,
    "Control plane request failed: endpoint is disabled",
    "Control plane request failed: endpoint is disabled: enable the compute of this branch in Neon's console",
  ],
  [
    500,
    "The endpoint has been disabled. Enable it using Neon API and retry.",
    "The endpoint has been disabled. Enable it using Neon API and retry.: enable the compute of this branch in Neon's console",
  ],
  [
    400,
    "The requested endpoint could not be found, or you don't have access to it. Please check the provided ID and try again.",
    "The requested endpoint could not be found, or you don't have access to it. Please check the provided ID and try again.: its project, branch or compute does not exist (any more): copy the connection string from Neon's console into DATABASE_URL",
  ],
  [
    500,
    "Control plane request failed: endpoint cannot be found",
    "Control plane request failed: endpoint cannot be found: its project, branch or compute does not exist (any more): copy the connection string from Neon's console into DATABASE_URL",
  ],
  [
    402,
    "Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.",
    "Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.: raise the limit of the Neon plan, or wait for its next period",
  ],
  [
    400,
    "This IP address 1.2.3.4 is not allowed to connect to this endpoint. Please add it to the allowed list in the Neon console.",
    "This IP address 1.2.3.4 is not allowed to connect to this endpoint. Please add it to the allowed list in the Neon console.: Workers have no fixed addresses: let Neon's IP Allow accept every address for this branch",
  ],
];

const refusal = (code: string, message = "no") => ({ status: 400, body: { code, message, severity: "ERROR" } });
const statement = sql<{ n: number }>`select 1 as n`;

/** Gives no answer until the caller hangs up. */
const hanging = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

async function failure(call: Promise<unknown>): Promise<DatabaseError> {
  const error = await call.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(DatabaseError);
  return error as DatabaseError;
}

describe("a call to the database", () => {
  test("is repeated after a temporary error", async () => {
    for (const trouble of [
      { status: 503, body: {} },
      refusal("57P01"),
      refusal("08006"),
      refusal("40P01"),
      refusal("53300"),
      undefined,
    ]) {
      const { database, requests } = await endpointThat((n) => (n === 1 ? trouble : rows));
      expect(await database.run(statement)).toEqual([{ n: 1 }]);
      expect(requests()).toBe(2);
      server?.close();
    }
  });

  test("is not repeated after a permanent error", async () => {
    const { database, requests } = await endpointThat(() => refusal("23505", "duplicate key"));
    expect(await failure(database.run(statement))).toMatchObject({
      code: "23505",
      transient: false,
      refused: true,
      message: "database: 23505 duplicate key",
    });
    expect(requests()).toBe(1);
  });

  test("is not repeated after an error that a person has to fix, in whatever form the endpoint reports it", async () => {
    const PASSWORD = "correct the user and password in DATABASE_URL";
    const answers: [answer: { status: number; body: object }, message: string][] = [
      [
        refusal("42883"),
        "42883 no: the database's schema does not fit this version: run npx cf-eventhub-workflows migrate",
      ],
      [refusal("28000"), `28000 no: ${PASSWORD}`],
      // Neon's proxy, about a connection that it does not make.
      [
        { status: 400, body: { message: "password authentication failed for user 'a'", code: null } },
        `28P01 password authentication failed for user 'a': ${PASSWORD}`,
      ],
      [{ status: 404, body: {} }, "Server error (HTTP status 404): {}: does DATABASE_URL belong to a Neon database?"],
      ...NEON_REFUSALS.map(([status, message, told]): [{ status: number; body: object }, string] => [
        { status, body: { message, code: "" } },
        `${status === 400 ? "" : `HTTP ${status} `}${told}`,
      ]),
    ];
    for (const [answer, message] of answers) {
      const { database, requests } = await endpointThat(() => answer);
      expect(await failure(database.run(statement))).toMatchObject({
        transient: false,
        refused: true,
        misconfigured: true,
        message: `database: ${message}`,
      });
      // If the tables do not fit, one more request asks for their version.
      expect(requests()).toBe(message.startsWith("42883") ? 2 : 1);
      server?.close();
    }
    const long = await endpointThat(() => refusal("42501", "x".repeat(1_000)));
    const { message } = await failure(long.database.run(statement));
    expect(message.length).toBeLessThan(280);
    expect(message).toMatch(
      /: grant the role of DATABASE_URL the rights that it lacks, or use the role that ran npx cf-eventhub-workflows migrate$/,
    );
  });

  test("is repeated after a temporary error of Neon's proxy, whose message is kept", async () => {
    const busy = "Too many connections to this endpoint. Please try again later.";
    const { database, requests } = await endpointThat(() => ({ status: 500, body: { message: busy, code: "" } }));
    expect(await failure(database.run(statement))).toMatchObject({
      transient: true,
      misconfigured: false,
      message: `database: HTTP 500 ${busy}`,
    });
    expect(requests()).toBe(MAX_TRIES);
  });

  test("that meets tables of another version says which of the two is older", async () => {
    const migrations = (...names: string[]) => ({
      status: 200,
      body: {
        fields: [{ name: "name", dataTypeID: 25 }],
        rows: names.map((name) => [name]),
        rowCount: names.length,
        command: "SELECT",
      },
    });
    const cases: [string, ReturnType<typeof migrations>, string | undefined][] = [
      [
        "42703",
        migrations("0004_old"),
        `the database is older than this Worker (it lacks ${NEWEST_MIGRATION}): run npx cf-eventhub-workflows migrate`,
      ],
      [
        "23502",
        migrations("9999_new"),
        "the database is newer than this Worker (it has 9999_new): deploy the Workers of the version that migrated it",
      ],
      [
        "42883",
        migrations("9999_new"),
        "the database is newer than this Worker (it has 9999_new): deploy the Workers of the version that migrated it",
      ],
      [
        "42703",
        migrations(NEWEST_MIGRATION),
        "the database's schema does not fit this version: run npx cf-eventhub-workflows migrate",
      ],
      [
        "42P01",
        migrations(),
        "the tables do not exist, or belong to an older version: run npx cf-eventhub-workflows migrate",
      ],
    ];
    for (const [code, journal, advice] of cases) {
      const { database } = await endpointThat((n) => (n === 1 ? refusal(code) : journal));
      expect(await failure(database.run(statement))).toMatchObject({
        code,
        transient: false,
        misconfigured: true,
        message: `database: ${code} no: ${advice}`,
      });
      server?.close();
    }
    const { database } = await endpointThat((n) => (n === 1 ? refusal("23502") : migrations(NEWEST_MIGRATION)));
    expect(await failure(database.run(statement))).toMatchObject({
      misconfigured: false,
      message: "database: 23502 no",
    });
  });

  test("that is not idempotent is repeated only if it certainly wrote nothing", async () => {
    const broken = await endpointThat((n) => (n === 1 ? undefined : rows));
    expect(await failure(broken.database.run(statement, { idempotent: false }))).toMatchObject({
      transient: true,
      refused: false,
    });
    expect(broken.requests()).toBe(1);
    server?.close();
    const deadlock = await endpointThat((n) => (n === 1 ? refusal("40P01") : rows));
    expect(await deadlock.database.run(statement, { idempotent: false })).toEqual([{ n: 1 }]);
  });

  test("gives up after a number of tries", async () => {
    const { database, requests } = await endpointThat(() => ({ status: 500, body: {} }));
    expect(await failure(database.run(statement))).toMatchObject({
      transient: true,
      message: "database: Server error (HTTP status 500): {}",
    });
    expect(requests()).toBe(MAX_TRIES);
  });

  test.each([0, 0.999])("without an answer is given up within its time budget (jitter %d)", async (jitter) => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(jitter);
    vi.stubGlobal("fetch", (_: string, { signal }: { signal: AbortSignal }) => hanging(signal));
    try {
      const startedAt = Date.now();
      const gaveUp = failure(openDatabase({ url }).run(statement)).then(({ message }) => {
        return { message, took: Date.now() - startedAt };
      });
      await vi.runAllTimersAsync();
      expect(await gaveUp).toEqual({ message: "database: no answer in time", took: DATABASE_BUDGET_MS });
    } finally {
      vi.unstubAllGlobals();
      vi.restoreAllMocks();
      vi.useRealTimers();
    }
  });

  test("leaves no timer behind after an answer or a refusal", async () => {
    vi.useFakeTimers();
    const answers = [Response.json(rows.body), Response.json({ message: "no", code: "42601" }, { status: 400 })];
    vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
    try {
      const database = openDatabase({ url });
      await database.run(statement);
      expect(vi.getTimerCount()).toBe(0);
      expect(await failure(database.run(statement))).toMatchObject({ code: "42601" });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.unstubAllGlobals();
      vi.useRealTimers();
    }
  });

  test("never shows the connection string, its password or its host", async () => {
    for (const answer of [
      refusal("28P01", `password s3cr3t-pass for ${url} refused by db.example.com`),
      { status: 500, body: { url } },
    ]) {
      const { database } = await endpointThat(() => answer);
      expect((await failure(database.run(statement))).message).not.toMatch(/s3cr3t-pass|db\.example\.com|someone:/);
      server?.close();
    }
  });
});

test("databases in one process are each called at their own endpoint, or else at the driver's default", async () => {
  const asked: [endpoint: string, database: string][] = [];
  vi.stubGlobal("fetch", (endpoint: string, { headers }: { headers: Record<string, string> }) => {
    asked.push([endpoint, new URL(headers["Neon-Connection-String"] ?? "").pathname]);
    return Promise.resolve(Response.json(rows.body));
  });
  try {
    const at = (name: string, endpoint?: string) =>
      openDatabase({ url: `postgresql://u:p@ep-1.example.com/${name}`, endpoint });
    const databases = [at("one", "https://one.example/sql"), at("two", "https://two.example/sql"), at("neon")];
    // All at once, so that each begins while the others have begun.
    await Promise.all(databases.flatMap((database) => [database.run(statement), database.run(statement)]));
    const usual = "https://api.example.com/sql";
    const once = [
      ["https://one.example/sql", "/one"],
      ["https://two.example/sql", "/two"],
      [usual, "/neon"],
    ];
    expect(asked.sort()).toEqual([...once, ...once].sort());
  } finally {
    vi.unstubAllGlobals();
  }
});
