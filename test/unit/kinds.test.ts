import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cloudEventOrigin, parseRouteConfig, RouteConfigError } from "../../schema/config/routes.ts";
import {
  MAX_BATCH_SIZE,
  MAX_GROUP_BYTES,
  MAX_GROUP_SIZE,
  MAX_HOPS,
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_TRANSFORM_DEPTH,
  MAX_TRANSFORM_GROWTH_BYTES,
  MAX_TRANSFORM_LENGTH,
  MAX_TRANSFORM_LIST_LENGTH,
  MAX_TRANSFORM_STEPS,
  MAX_TRANSFORM_TEXT_LENGTH,
} from "../../schema/vocabulary/limits.ts";
import { MAX_QUEUE_MESSAGE_BYTES, MAX_WORKFLOW_PARAMETER_BYTES } from "../../schema/vocabulary/platform-limits.ts";
import { compileRoutes, explainDelivery } from "../../workers/hub/routing/index.ts";
import { KINDS } from "../../workflows/kinds/index.ts";
import { PERMANENT_STATUSES } from "../../workflows/kinds/webhook.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const table = readme.split("\n").filter((line) => /^\| `\w+`(, `"batch": true`)? \|/.test(line));
const row = (kind: string) => table.find((line) => line.startsWith(`| ${kind} |`)) ?? "";

describe("README's table of kinds", () => {
  test("has each kind that the code has, and no other", () => {
    const named = table.map((line) => /^\| `(\w+)`/.exec(line)?.[1]).filter((kind) => kind !== undefined);
    expect([...new Set(named)].filter((kind) => kind in KINDS || row(`\`${kind}\``).split("|").length === 11)).toEqual(
      Object.keys(KINDS),
    );
  });

  test("gives the limits that the code has", () => {
    expect(readme).toContain(`All take \`groupSize\` (1 to ${MAX_GROUP_SIZE}, the default`);
    expect(row('`worker`, `"batch": true`')).toContain(`\`groupSize\` up to ${MAX_BATCH_SIZE}`);
    expect(row('`worker`, `"batch": true`')).toContain(`${MAX_GROUP_BYTES / 2 ** 20} MiB a call`);
    expect(row("`worker`")).toContain(`payload ${MAX_PAYLOAD_BYTES / 2 ** 20} MiB`);
    expect(row("`queue`")).toContain(`${MAX_QUEUE_MESSAGE_BYTES.toLocaleString("en")} bytes`);
    expect(row("`workflow`")).toContain(`parameters ${MAX_WORKFLOW_PARAMETER_BYTES / 2 ** 20} MiB`);
    expect(row("`hub`")).toContain(`the event has ${MAX_HOPS} hops behind it`);
    expect(row("`webhook`")).toContain(`payload ${MAX_PAYLOAD_BYTES / 2 ** 20} MiB`);
    expect(row("`webhook`")).toContain(`| ${PERMANENT_STATUSES.join(", ")} |`);
  });
});

describe("README's words on transforms and CloudEvents", () => {
  const english = (number: number) => number.toLocaleString("en");

  test("give the limits and defaults that the code has", () => {
    expect(readme).toContain(
      `Limits: ${english(MAX_TRANSFORM_LENGTH)} characters of expression; ${english(MAX_TRANSFORM_STEPS)} steps`,
    );
    expect(readme).toContain(
      `lists of ${english(MAX_TRANSFORM_LIST_LENGTH)}; ${english(MAX_TRANSFORM_DEPTH)} parts that wait for others at once`,
    );
    expect(readme).toContain(`texts of ${english(MAX_TRANSFORM_TEXT_LENGTH)} characters`);
    const growth = `${MAX_TRANSFORM_GROWTH_BYTES / 1_024} KiB larger than the payload, at most ${MAX_PAYLOAD_BYTES / 2 ** 20} MiB`;
    expect(readme).toContain(`a result ${growth}, ${MAX_PAYLOAD_DEPTH} levels deep`);
    const { source, type } = cloudEventOrigin(parseRouteConfig({ routes: [] }));
    expect(readme).toContain(`// default: ${source}, ${type}`);
  });

  test("name the kinds that take a format", () => {
    const taking = Object.keys(KINDS).filter((kind) => {
      const needed = kind === "webhook" ? { url: "https://example.com/", secrets: ["A"] } : {};
      const destinations = { A: { kind, format: "cloudevents", ...needed } };
      try {
        return parseRouteConfig({ destinations, routes: [] }).routes.length === 0;
      } catch {
        return false;
      }
    });
    expect(taking).toEqual(Object.keys(KINDS).filter((kind) => kind !== "hub"));
    expect(readme).toContain('and all\nbut `hub` take `"format": "cloudevents"`');
  });

  test("show transforms that work", async () => {
    const [block = ""] = readme.match(/\{ "name": "invoices".*?(?=\n```)/s) ?? [];
    const routes = compileRoutes({ routes: JSON.parse(`[${block}]`) });
    const order = { id: 1, items: [{ price: 2 }, { price: 3 }], customer: { name: "Ada", email: "a", phone: "1" } };
    const explained = await explainDelivery(routes, order, new Date("2026-11-24T00:00:00Z"));
    expect(explained.map(({ transformed }) => transformed)).toEqual([
      { payload: { order: 1, total: 5, at: "2026-11-24T00:00:00.000Z" } },
      { payload: { ...order, customer: { name: "Ada" } } },
    ]);
  });
});

describe("a declared destination", () => {
  const faults = (destination: object) => {
    try {
      parseRouteConfig({ destinations: { A: destination }, routes: [] });
      return [];
    } catch (error) {
      return error instanceof RouteConfigError
        ? error.faults.map(({ path, message }) => `${path}: ${message}`)
        : [String(error)];
    }
  };
  const webhook = { kind: "webhook", url: "https://example.com/", secrets: ["HOOK_SECRET"] };

  test.each<object>([
    {},
    { kind: "worker", groupSize: MAX_GROUP_SIZE },
    { kind: "worker", batch: true, groupSize: MAX_BATCH_SIZE },
    { batch: true },
    { kind: "r2", prefix: "a/" },
    { kind: "queue" },
    { kind: "workflow", groupSize: 1 },
    { kind: "hub" },
    { format: "cloudevents" },
    { kind: "worker", batch: true, format: "cloudevents" },
    webhook,
    { ...webhook, secrets: ["NEW", "OLD"], headers: { "X-Version": "1" }, allowHosts: ["*.com"] },
  ])("may be %j", (destination) => {
    expect(faults(destination)).toEqual([]);
  });

  test.each<[object, string]>([
    [{ kind: "pigeon" }, "destinations.A.kind: "],
    [
      { kind: "worker", groupSize: MAX_GROUP_SIZE + 1 },
      'destinations.A.groupSize: must be at most 16 without "batch": true',
    ],
    [{ kind: "worker", batch: true, groupSize: MAX_BATCH_SIZE + 1 }, "destinations.A.groupSize: "],
    [{ kind: "hub", format: "cloudevents" }, "destinations.A.format: is not a known key"],
    [{ kind: "queue", format: "xml" }, 'destinations.A.format: must be "cloudevents", got "xml"'],
    [{ kind: "queue", groupSize: 0 }, "destinations.A.groupSize: "],
    [{ kind: "queue", prefix: "a" }, "destinations.A.prefix: "],
    [{ ...webhook, url: "example.com" }, "destinations.A.url: must be an absolute URL"],
    [{ ...webhook, allowHosts: ["example.org"] }, "destinations.A.url: must be at one of allowHosts"],
    [{ ...webhook, secrets: [] }, "destinations.A.secrets: must name at least one secret"],
    [
      { ...webhook, secrets: ["DATABASE_URL"] },
      "destinations.A.secrets[0]: must be the name of a secret of the executor's, and none of the hub's own",
    ],
    [{ ...webhook, secrets: ["A", "B", "C"] }, "destinations.A.secrets: "],
    [{ ...webhook, headers: { "bad header": "1" } }, "destinations.A.headers"],
    [
      { ...webhook, headers: { X: "a\nb" } },
      "destinations.A.headers.X: must be printable ASCII of at most 1000 characters",
    ],
    [{ ...webhook, headers: { ["X".repeat(101)]: "1" } }, "must have names of 1 to 100 letters"],
    [{ ...webhook, headers: ["X: 1"] }, "destinations.A.headers: must be an object of headers by name"],
  ])("may not be %j", (destination, fault) => {
    const found = faults(destination);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(fault);
  });
});
