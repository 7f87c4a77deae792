import { getDescription } from "valibot";
import { describe, expect, test } from "vitest";
import { DESTINATION_KINDS } from "../../schema/config/destinations/index.ts";
import type { DestinationKind } from "../../schema/config/destinations/kind.ts";
import { cloudEventOrigin, parseRouteConfig, RouteConfigError } from "../../schema/config/routes.ts";
import {
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
import { expectTable, table as madeTable } from "../support/made-page.ts";
import { DOCUMENTS, tells } from "../support/pages.ts";

const names = Object.keys(DESTINATION_KINDS);

/** The cells of the pages' table that begins with this line, row by row. */
function table(head: string): string[][] {
  const [, rows = ""] = DOCUMENTS.split(`\n${head}\n`)[1]?.match(/^[^\n]*\n(.*?)\n\n/s) ?? [];
  return rows.split("\n").map((row) => row.slice(2, -2).split(" | "));
}

/** The faults of a configuration with this destination. */
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

test("each kind of destination has an implementation of its call", () => {
  expect(Object.keys(KINDS)).toEqual(names);
});

describe("the pages' table of kinds", () => {
  const head = [
    ...["kind", "declared as", "gets", "complete", "ignored", "failed, and tried again", "failed for good"],
    ...["misconfigured", "limits"],
  ];
  const rows = table(`| ${head.join(" | ")} |`);
  const row = (kind: string) => `| ${rows.find(([name]) => name === kind)?.join(" | ")} |`;

  test("has exactly the kinds of the code, as they are declared", () => {
    expect(rows.filter((cells) => cells.length !== head.length)).toEqual([]);
    const declared = rows.filter(([kind]) => kind !== '`worker`, `"batch": true`').map(([kind, how]) => [kind, how]);
    expect(declared).toEqual(
      Object.entries(DESTINATION_KINDS).map(([kind, { schema }]) => [`\`${kind}\``, getDescription(schema)]),
    );
  });

  test("names the settings that not all kinds have", () => {
    const common = [...Object.keys(DESTINATION_KINDS.hub.schema.entries), "format"];
    for (const [kind, { schema }] of Object.entries(DESTINATION_KINDS)) {
      const own = Object.keys(schema.entries).filter((setting) => !common.includes(setting));
      const cells = rows.filter(([name]) => name?.startsWith(`\`${kind}\``)).flatMap((cells) => cells.slice(0, 2));
      expect(own.filter((setting) => !cells.some((cell) => cell.includes(setting)))).toEqual([]);
    }
  });

  test("has the limits of the code", () => {
    expect(tells(`All take \`groupSize\` (1 to ${MAX_GROUP_SIZE}, the default`)).toBe(true);
    expect(row('`worker`, `"batch": true`')).toContain(`up to ${MAX_GROUP_SIZE} \`{ payload, context }\` in one call`);
    expect(row('`worker`, `"batch": true`')).toContain(`${MAX_GROUP_BYTES / 2 ** 20} MiB a call`);
    expect(row("`worker`")).toContain(`payload ${MAX_PAYLOAD_BYTES / 2 ** 20} MiB`);
    expect(row("`queue`")).toContain(`${MAX_QUEUE_MESSAGE_BYTES.toLocaleString("en")} bytes`);
    expect(row("`workflow`")).toContain(`parameters ${MAX_WORKFLOW_PARAMETER_BYTES / 2 ** 20} MiB`);
    expect(row("`hub`")).toContain(`the event has ${MAX_HOPS} hops behind it`);
    expect(row("`webhook`")).toContain(`payload ${MAX_PAYLOAD_BYTES / 2 ** 20} MiB`);
    expect(row("`webhook`")).toContain(`| ${PERMANENT_STATUSES.join(", ")} |`);
  });
});

test("the page of the component has what a deployment says of each kind of destination", async () => {
  const rows = Object.entries<DestinationKind>(DESTINATION_KINDS).map(([kind, { target, deployedFaults = {} }]) => {
    const named = Object.entries(target).map(([argument, { is }]) =>
      is === "secrets" ? `\`${argument}: { NAME: config.requireSecret("...") }\`` : `\`${argument}\`${is.slice(4)}`,
    );
    return [kind, [...Object.keys(deployedFaults).map((setting) => `\`${setting}\``), ...named].join("; ")];
  });
  await expectTable("infra/cloudflare/README.md", madeTable(["kind", "where it leads"], rows));
});

describe("the pages' words on transforms and CloudEvents", () => {
  const english = (number: number) => number.toLocaleString("en");

  test("have the limits and defaults of the code", () => {
    expect(
      tells(`Limits: ${english(MAX_TRANSFORM_LENGTH)} characters of expression; ${english(MAX_TRANSFORM_STEPS)} steps`),
    ).toBe(true);
    expect(
      tells(
        `lists of ${english(MAX_TRANSFORM_LIST_LENGTH)}; ${english(MAX_TRANSFORM_DEPTH)} parts that wait for others at once`,
      ),
    ).toBe(true);
    expect(tells(`texts of ${english(MAX_TRANSFORM_TEXT_LENGTH)} characters`)).toBe(true);
    const growth = `${MAX_TRANSFORM_GROWTH_BYTES / 1_024} KiB larger than the payload, at most ${MAX_PAYLOAD_BYTES / 2 ** 20} MiB`;
    expect(tells(`a result ${growth}, ${MAX_PAYLOAD_DEPTH} levels deep`)).toBe(true);
    const { source, type } = cloudEventOrigin(parseRouteConfig({ routes: [] }));
    expect(tells(`// default: ${source}, ${type}`)).toBe(true);
  });

  test("name the kinds that accept a format", () => {
    const taking = names.filter((kind) => {
      const refused = faults({ kind, format: "cloudevents" });
      return !refused.includes("destinations.A.format: is not a known key");
    });
    expect(taking).toEqual(names.filter((kind) => kind !== "hub"));
    expect(tells('and all but `hub` take [`"format": "cloudevents"`]')).toBe(true);
  });

  test("show working transforms", async () => {
    const [block = ""] = DOCUMENTS.match(/\{ "name": "invoices".*?(?=\n```)/s) ?? [];
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
  const webhook = { kind: "webhook", url: "https://example.com/", secrets: ["HOOK_SECRET"] };

  test.each<object>([
    {},
    { kind: "worker", groupSize: MAX_GROUP_SIZE },
    { kind: "worker", batch: true, groupSize: MAX_GROUP_SIZE },
    { batch: true },
    { kind: "r2", prefix: "a/" },
    { kind: "queue" },
    { kind: "workflow", groupSize: 1 },
    { kind: "queue", format: "context" },
    { kind: "workflow", format: "context" },
    { kind: "hub" },
    { format: "cloudevents" },
    { kind: "worker", batch: true, format: "cloudevents" },
    webhook,
    { ...webhook, secrets: ["NEW", "OLD"], headers: { "X-Version": "1" }, allowHosts: ["*.com"] },
  ])("can be %j", (destination) => {
    expect(faults(destination)).toEqual([]);
  });

  test.each<[object, string]>([
    [{ kind: "pigeon" }, "destinations.A.kind: "],
    [{ kind: "worker", groupSize: MAX_GROUP_SIZE + 1 }, "destinations.A.groupSize: "],
    [{ kind: "worker", batch: true, groupSize: MAX_GROUP_SIZE + 1 }, "destinations.A.groupSize: "],
    [{ kind: "hub", format: "cloudevents" }, "destinations.A.format: is not a known key"],
    [{ kind: "queue", format: "xml" }, 'destinations.A.format: must be ("cloudevents" | "context"), got "xml"'],
    [{ kind: "worker", format: "context" }, 'destinations.A.format: must be "cloudevents", got "context"'],
    [{ kind: "queue", groupSize: 0 }, "destinations.A.groupSize: "],
    [{ kind: "queue", prefix: "a" }, "destinations.A.prefix: "],
    [{ ...webhook, url: "example.com" }, "destinations.A.url: must be an absolute URL"],
    [{ ...webhook, allowHosts: ["example.org"] }, "destinations.A.url: must be at one of allowHosts"],
    [{ ...webhook, secrets: [] }, "destinations.A.secrets: must name at least one secret"],
    [
      { ...webhook, secrets: ["DATABASE_URL"] },
      "destinations.A.secrets[0]: must be the name of one of the executor's secrets, and none of the hub's own",
    ],
    [{ ...webhook, secrets: ["A", "B", "C"] }, "destinations.A.secrets: "],
    [{ ...webhook, headers: { "bad header": "1" } }, "destinations.A.headers"],
    [
      { ...webhook, headers: { X: "a\nb" } },
      "destinations.A.headers.X: must be printable ASCII of at most 1000 characters",
    ],
    [{ ...webhook, headers: { ["X".repeat(101)]: "1" } }, "must have names of 1 to 100 letters"],
    [{ ...webhook, headers: ["X: 1"] }, "destinations.A.headers: must be an object of headers by name"],
  ])("cannot be %j", (destination, fault) => {
    const found = faults(destination);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(fault);
  });
});
