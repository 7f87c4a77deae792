import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { widthOf } from "../../infra/cli/text-width.ts";
import { type Commands, startCommands } from "../support/command-process.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, type Past } from "../support/history.ts";
import { OPS, opsEnv, ROUTING } from "../support/ops.ts";
import { asked } from "../support/terminal.ts";

/** What an operator sees at 80 columns: long names, reasons that do not fit, and every command that prints a table. */
let database: TestDatabase;
let commands: Commands;
let dispatch: { id: string; eventId: string };

const EARLIER = new Date(Date.now() - 2 * 3_600_000);
const REASON =
  "HTTP 503 from https://billing.example.com/hooks/orders: upstream connect error or disconnect before headers";

beforeAll(async () => {
  database = await createDatabase();
  commands = await startCommands(opsEnv(database));
  const of = (past: Partial<Past>): Past => ({ status: "failed", at: EARLIER, ...past });
  const made = await insertHistory(database, [
    of({ destination: "BILLING-EUROPE-CENTRAL", route: "orders-to-billing", reason: REASON, attempts: 4 }),
    of({
      status: "complete",
      destination: "SHIP",
      attempts: 1,
      idempotencyKey: "order-17-paid-by-invoice-of-november",
    }),
    of({ status: "ongoing", destination: "BILLING-EUROPE-CENTRAL", reason: REASON, attempts: 2 }),
  ]);
  dispatch = made[0] as typeof dispatch;
  await database.query(
    `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
     select $1, n, 'failed', $2, '0193a5c0-0000-7000-8000-000000000017-1a2b3c4d', $3, $3 from generate_series(1, 2) n`,
    [dispatch.id, REASON, EARLIER],
  );
  await database.query(
    `insert into eventhub.events (id, payload, payload_bytes, created_at) values (eventhub.uuid_at($1), '{"kind": "order.odd"}', 21, $1)`,
    [EARLIER],
  );
  await commands.run(["ops", "--actor", "ada.lovelace@example.com", "pause", "SHIP", "their upgrade, until 18:00"]);
});

afterAll(async () => {
  commands?.stop();
  await database?.drop();
});

/** What a command prints at this width, with every id and every time replaced by a fixed one. */
async function printed(columns: number | undefined, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await commands.run(["ops", ...args], {
    COLUMNS: columns === undefined ? "" : String(columns),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stripVTControlCharacters(stdout)
    .replaceAll(
      /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g,
      "0193a5c0-0000-7000-8000-000000000017",
    )
    .replaceAll(/\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d+)?/g, "2026-11-29$106:13:00")
    .trimEnd();
}

const TABLES: readonly (readonly string[])[] = [
  ["list"],
  ["events"],
  ["problems"],
  ["destinations"],
  ["operations"],
  ["stats", "--bucket", "day"],
  ["traffic", "--bucket", "604800", "--since", "6d"],
  ["routes"],
  ["cancel", "--all", "--dry-run"],
  ["--routing", ROUTING, "replay", "--all", "--as", "current", "--dry-run"],
];

describe("at 80 columns", () => {
  test.each(TABLES.map((args) => [args.join(" ").replace(ROUTING, "routing.json"), args] as const))(
    "%s",
    async (_, args) => {
      const out = await printed(80, ...args);
      // What is wrong with the deployment is a sentence, which a terminal wraps by itself.
      const long = out.split("\n").filter((line) => widthOf(line) > 80 && !line.startsWith("since "));
      expect(long).toEqual([]);
      expect(out).toMatchSnapshot();
    },
  );

  test("show", async () => {
    const [, attempts = ""] = (await printed(80, "show", dispatch.id)).split(/(?=^attempt {2})/m);
    expect(attempts.split("\n").filter((line) => widthOf(line) > 80)).toEqual([]);
    expect(attempts).toMatchSnapshot();
  });
});

describe("where there is no terminal, and with --wide,", () => {
  test.each([[undefined, []] as const, [80, ["--wide"]] as const])(
    "nothing is left out: COLUMNS=%s %j",
    async (columns, wide) => {
      const out = await printed(columns, ...wide, "list", "--status", "failed");
      expect(out.split("\n")).toEqual([
        expect.stringMatching(/^dispatch +created +destination +route +status +attempts +reason$/),
        `0193a5c0-0000-7000-8000-000000000017  2026-11-29 06:13:00  BILLING-EUROPE-CENTRAL  orders-to-billing  failed         4  ${REASON}`,
      ]);
    },
  );
});

describe("a search", () => {
  const run = async (...args: string[]) => await commands.run(["ops", ...args], { COLUMNS: "" });

  test("ends with 0 if it found something, 3 if there is nothing", async () => {
    expect(await run("list", "--destination", "SHIP")).toMatchObject({ code: 0, stderr: "" });
    expect(await run("list", "--destination", "NOWHERE")).toEqual({ code: 3, stdout: "nothing found\n", stderr: "" });
    expect(await run("--json", "events", "--idempotency-key", "none")).toMatchObject({
      code: 3,
      stdout: '{"items":[]}\n',
    });
  });

  test("goes on to the end, however many payloads stand before what it looks for", async () => {
    await insertHistory(database, [
      { status: "complete", payload: { order: { id: 4_711 } }, at: new Date(Date.now() - 7_200_000) },
    ]);
    await insertHistory(
      database,
      Array.from({ length: 4_500 }, (_, n) => ({ status: "complete", payload: { order: { id: n } } })),
    );
    const sought = ["events", "--payload", "$.order.id=4711"];
    const found = await run("--json", ...sought);
    expect(found).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(found.stdout).items).toHaveLength(1);
    expect(await run("events", "--payload", "$.order.id=4712")).toMatchObject({ code: 3, stdout: "nothing found\n" });

    const bounded = await run("--json", ...sought, "--max-scan", "3000");
    expect(bounded).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^stopped before the end, after 3000 rows: continue at 20.* with --cursor /),
    });
    const { items, cursor } = JSON.parse(bounded.stdout);
    expect(items).toEqual([]);
    const rest = await run("--json", ...sought, "--cursor", cursor);
    expect(JSON.parse(rest.stdout).items).toEqual(JSON.parse(found.stdout).items);
  });

  test("of dispatches goes on as well, and ends with a page of them", async () => {
    const page = await run("--json", "list", "--payload", "$.order.id=7", "--limit", "1");
    expect(page.code).toBe(0);
    expect(JSON.parse(page.stdout).items).toHaveLength(1);
  });

  test("tells what matched no route from what did", async () => {
    const unmatched = await run("--json", "events", "--no-matched");
    expect(unmatched.code).toBe(0);
    expect(JSON.parse(unmatched.stdout).items).toHaveLength(1);
    expect((await run("events", "--no-matched")).stdout).toContain("no route matched");
    const matched = JSON.parse((await run("--json", "events", "--matched", "--limit", "500")).stdout);
    expect(matched.items.map(({ statuses }: { statuses: object }) => Object.keys(statuses).length)).toEqual(
      Array(500).fill(1),
    );
    expect(await database.query("select kind from eventhub.unmatched_events")).toEqual([{ kind: "order.odd" }]);
  });
});

describe("bulk work", () => {
  const operations = async () =>
    (await database.query<{ n: number }>("select count(*)::int as n from eventhub.operations"))[0]?.n;

  test("wants --yes where nobody can be asked, and does nothing without it", async () => {
    const before = await operations();
    for (const args of [
      ["retry", "--status", "failed"],
      ["cancel", "--all"],
      ["replay", "--as", "same", "--since", "2d"],
    ]) {
      expect(await commands.run(["ops", ...args])).toEqual({
        code: 2,
        stdout: "",
        stderr:
          "[invalid_arguments] --yes: required without a terminal, where nobody can be asked; --dry-run shows what would be done\n",
      });
    }
    expect(await operations()).toBe(before);
  });

  test("is refused for a destination or a route that nobody knows, and leaves no row behind", async () => {
    const before = await operations();
    for (const [verb, part] of [
      ["cancel", "destination"],
      ["cancel", "route"],
      ["retry", "destination"],
      ["retry", "route"],
    ]) {
      for (const mode of ["--yes", "--dry-run"]) {
        expect(await commands.run(["ops", `${verb}`, `--${part}`, "NOSUCH", mode])).toEqual({
          code: 2,
          stdout: "",
          stderr: `[invalid_arguments] filter.${part}: there is no ${part} "NOSUCH"\n`,
        });
      }
    }
    expect(await operations()).toBe(before);
    // A destination that only the configuration knows, or only a dispatch.
    const dry = ["cancel", "--dry-run", "--destination"];
    expect(await commands.run(["ops", "--routing", ROUTING, ...dry, "ARCHIVE"])).toMatchObject({ code: 0 });
    expect(await commands.run(["ops", ...dry, "SHIP"])).toMatchObject({ code: 0 });
    expect(await commands.run(["ops", "cancel", "--route", "orders-to-billing", "--dry-run"])).toMatchObject({
      code: 0,
    });
  });

  const onTerminal = (key: string, ...args: string[]) =>
    asked(key, [OPS, ...args], { env: { ...opsEnv(database), COLUMNS: "80" } });

  test("shows on a terminal what it would do, and asks", async () => {
    await insertHistory(
      database,
      Array.from({ length: 3 }, () => ({ status: "ongoing", destination: "ASKED" })),
    );
    const statuses = () =>
      database.query("select distinct status from eventhub.dispatches where destination = 'ASKED'");
    const before = await operations();
    const no = await onTerminal("n", "cancel", "--destination", "ASKED");
    expect(no).toMatchObject({ code: 1, out: "" });
    expect(no.said).toMatch(/^destination +status +dispatches\nASKED +ongoing +3\nin all 3: nothing was done\n/);
    expect(no.said).toMatch(/Cancel 3 dispatches\?.*nothing was done\n$/s);
    expect([await operations(), await statuses()]).toEqual([before, [{ status: "ongoing" }]]);
    const yes = await onTerminal("y", "--json", "cancel", "--destination", "ASKED");
    expect(yes.code).toBe(0);
    expect(JSON.parse(yes.out)).toMatchObject({ action: "cancel_dispatches", affected: 3, state: "finished" });
    expect(await statuses()).toEqual([{ status: "cancelled" }]);
    expect(await onTerminal("y", "cancel", "--destination", "ASKED")).toMatchObject({
      code: 3,
      out: "",
      said: expect.stringContaining("there is nothing to do"),
    });
  });

  test("says when it is looked at where the hub sleeps, which a terminal cannot wake", async () => {
    await insertHistory(database, [{ status: "failed", destination: "ASLEEP" }]);
    await database.query("update eventhub.heartbeats set sleeps = true where name = 'executor'");
    const retry = ["ops", "retry", "--destination", "ASLEEP"];
    expect(await commands.run([...retry, "--dry-run"])).toMatchObject({ code: 0, stderr: "" });
    expect(await commands.run([...retry, "--yes"])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^note: the hub sleeps; the executor looks at this with the next event/),
    });
    expect(await commands.run(["ops", "resume", "SHIP"])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^note/),
    });
    expect(await commands.run(["ops", "pause", "SHIP"])).toMatchObject({ code: 0, stderr: "" });
    await database.query("update eventhub.heartbeats set next_at = now() where name = 'executor'");
    expect(await commands.run(["ops", "cancel", "--destination", "ASLEEP", "--yes"])).toMatchObject({
      code: 0,
      stderr: "note: the executor takes this up with its next look\n",
    });
    await database.query("update eventhub.heartbeats set sleeps = false, next_at = null where name = 'executor'");
  });
});
