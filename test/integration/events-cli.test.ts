import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { log } from "@pulumi/pulumi";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runCommandLine } from "../../infra/cli/command-line.ts";
import { EventHub } from "../../infra/cloudflare/event-hub.ts";
import { defineEvents } from "../../schema/events/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { runProgram } from "../support/pulumi.ts";
import { ran } from "../support/run-here.ts";
import { ROOT } from "../support/wrangler-config.ts";

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await createDatabase();
  directory = await mkdtemp(join(tmpdir(), "eventhub-events-"));
  vi.stubEnv("DATABASE_URL", database.url);
  vi.stubEnv("DATABASE_ENDPOINT", database.endpoint);
  for (const payload of [
    { kind: "order.paid", id: "o-1", total: 5 },
    { kind: "order.paid", id: "o-2", total: "5" },
    { kind: "order.seen", id: "o-2", by: "app" },
    { id: "o-3" },
  ])
    await database.query("select eventhub.emit($1::jsonb)", [JSON.stringify(payload)]);
  // The hub's own, which are newer and more than a page, take no place of those.
  await database.query(
    `insert into eventhub.events (id, payload, payload_bytes, own)
     select eventhub.new_id(), '{"kind": "eventhub.failed"}', 30, true from generate_series(1, 600)`,
  );
});
afterAll(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

const order = {
  type: "object",
  properties: { kind: {}, id: { type: "string" }, total: { type: "number" } },
  required: ["id", "total"],
};

async function file(name: string, content: object | string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return path;
}

async function eventhub(...args: string[]) {
  const { code, out, err } = await ran(() => runCommandLine(args));
  return {
    code,
    out: out.trimEnd().replaceAll(`${directory}/`, ""),
    err: err.trimEnd().replaceAll(`${directory}/`, ""),
  };
}

describe("eventhub events", () => {
  test("check says what stored events would be refused, with their faults", async () => {
    const path = await file("events.json", { events: { "order.paid": { schema: order } }, routes: [] });
    expect(await eventhub("events", "check", path)).toMatchObject({
      code: 0,
      out: "events.json: no faults: 1 kind of events",
    });
    const { out } = await eventhub("events", "check", path, "--against-stored", "100");
    const [{ id } = { id: "" }] = await database.query<{ id: string }>(
      "select id from eventhub.events where payload ->> 'id' = 'o-2' and payload ? 'total'",
    );
    expect(out.split("\n").slice(0, 3)).toEqual([
      "4 stored events: 1 would be refused, 2 warned of",
      "  order.paid: 2 events, 1 refused, 0 warned of",
      `    ${id}: total: must be a number, got a string`,
    ]);
    expect(out.split("\n").slice(3).sort()).toEqual([
      "  (without a kind) (not defined): 1 event, 0 refused, 1 warned of",
      "  order.seen (not defined): 1 event, 0 refused, 1 warned of",
    ]);
  });

  test("check says where a definition and its examples are at fault", async () => {
    const faulty = await file("faulty.json", { events: { "order.paid": { schema: { type: "text" } } } });
    expect((await eventhub("events", "check", faulty)).err).toMatch(
      /^faulty\.json:5:\d+: events\["order\.paid"\]\.schema\.type: must be of null/,
    );
    const example = { schema: order, examples: [{ kind: "order.paid", id: 5, total: 1 }] };
    const misleading = await file("misleading.json", { events: { "order.paid": example } });
    expect(await eventhub("events", "check", misleading)).toMatchObject({
      code: 1,
      err: 'misleading.json: events["order.paid"].examples[0]: id: must be a string, got a number\n1 fault',
    });
    expect((await eventhub("events", "check", await file("none.json", {}))).err).toMatch(
      /^none\.json: defines no events/,
    );
  });

  test("export reads a module, and diff compares it with what it was", async () => {
    const valibot = pathToFileURL(join(ROOT, "node_modules", "valibot", "dist", "index.mjs"));
    const definition = pathToFileURL(join(ROOT, "schema", "events", "index.ts"));
    const module = await file(
      "events.mjs",
      `import * as v from ${JSON.stringify(valibot)};
       import { defineEvents } from ${JSON.stringify(definition)};
       export const events = defineEvents({ "order.paid": v.object({ id: v.string(), total: v.number(), by: v.string() }) });`,
    );
    const { out } = await eventhub("events", "export", module, "--format", "types");
    expect(out).toContain('"order.paid": { "kind": "order.paid" } & {');
    const before = await file("before.json", { events: { "order.paid": { schema: order } } });
    expect((await eventhub("events", "diff", before, module)).out.split("\n")).toEqual([
      "order.paid",
      "  breaks consumers               $.kind is no longer described",
      "  breaks producers               $.by is new and required",
      "2 changes: 1 breaking for producers, 1 for consumers",
    ]);
  });

  test("infer proposes a schema of kinds that are not defined", async () => {
    const path = await file("known.json", { events: { "order.paid": { schema: order } } });
    expect(JSON.parse((await eventhub("events", "infer", path, "--events", "4")).out)).toEqual({
      events: {
        "order.seen": {
          schema: {
            type: "object",
            properties: { by: { type: "string" }, id: { type: "string" }, kind: { type: "string" } },
            required: ["by", "id", "kind"],
          },
        },
      },
    });
  });

  test("routes check warns where routes do not fit the events, with line and column", async () => {
    const path = await file("routing.json", {
      events: { "order.paid": { schema: order } },
      routes: [{ destination: "A", condition: { path: "$.totl", gt: 1 } }],
    });
    const { code, out } = await eventhub("routes", "check", path);
    expect({ code, out: out.split("\n") }).toEqual({
      code: 0,
      out: [
        expect.stringMatching(
          /^routing\.json:\d+:\d+: warning: routes\[0\]\.condition\.path: no event of kind "order\.paid" has \$\.totl: did you mean \$\.total\?$/,
        ),
        "routing.json: no faults, 1 warning: 1 route (1 enabled) to 1 destination",
      ],
    });
  });
});

describe("the Pulumi component", () => {
  const stack = (against?: object) => () =>
    new EventHub("eventhub", {
      accountId: "account",
      databaseUrl: database.url,
      databaseEndpoint: database.endpoint,
      destinations: { A: { kind: "worker", service: "a" } },
      events: defineEvents({ "order.paid": v.object({ id: v.string(), total: v.number() }) }, { unknown: "off" }),
      routes: [{ condition: { path: "$.kind", exact: "order.payed" }, destination: "A" }],
      ...(against === undefined ? {} : { routePreview: { against, events: 10 } }),
    });

  test("gives the hub its events as JSON Schema, and warns of routes that do not fit them", async () => {
    const warn = vi.spyOn(log, "warn").mockResolvedValue();
    let made: EventHub | undefined;
    await runProgram(() => {
      made = stack()();
    });
    expect(made?.configuration).toMatchObject({
      events: { "order.paid": { schema: { type: "object", required: ["id", "total"] } } },
      eventDefaults: { kind: "kind", check: "reject", unknown: "off" },
    });
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      'routes[0].condition.exact: no kind "order.payed" is defined: did you mean order.paid?',
      'events["order.paid"]: no route takes it',
    ]);
  });

  test("says in the preview what changes of the events, and what stored ones would be refused", async () => {
    const info = vi.spyOn(log, "info").mockResolvedValue();
    vi.spyOn(log, "warn").mockResolvedValue();
    await runProgram(stack({ events: { "order.paid": { schema: true } }, routes: [] }), { preview: true });
    const told = await eventually(
      async () => (info.mock.calls.length >= 3 ? info.mock.calls.map(([text]) => text) : undefined),
      "all is told",
    );
    expect(told[2]).toMatch(/^4 stored events: 1 would be refused, 0 warned of\n {2}order\.paid: 2 events, 1 refused/);
  });
});
