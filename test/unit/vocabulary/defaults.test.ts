import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cloudEventOrigin, parseRouteConfig } from "../../../schema/config/routes.ts";
import * as defaults from "../../../schema/vocabulary/defaults.ts";
import { DEFAULT_HEALTH } from "../../../schema/vocabulary/destination-states.ts";
import {
  BulkSchema,
  check,
  OperationPageSchema,
  PageSchema,
  RetryManySchema,
} from "../../../workers/hub/operator/argument-schemas.ts";
import { DOCUMENTS, tells } from "../../support/pages.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const n = (number: number) => number.toLocaleString("en");

test("the defaults are unchanged", () => {
  expect({ ...defaults }).toEqual({
    DEFAULT_CONFIRM_ABOVE: 100,
    DEFAULT_DELAY_SECONDS: 0,
    DEFAULT_MAX_RETRIES: 5,
    DEFAULT_PUSH_SCHEDULES: ["* * * * *"],
    DEFAULT_RETRY_DELAY: { type: "constant", interval: 5 },
    DEFAULT_TIMEOUT_SECONDS: 30,
    DEFAULT_LISTED_OPERATIONS: 100,
    DEFAULT_LOST_AFTER_SECONDS: 86_400,
    DEFAULT_CLOUD_EVENT_SOURCE: "/cf-eventhub",
    DEFAULT_CLOUD_EVENT_TYPE: "cf-eventhub.event",
    DEFAULT_GROUP_SIZE: 100,
    DEFAULT_DRAIN_PER_SECOND: 50,
    DEFAULT_BURST: 1,
    DEFAULT_BREAKER_SECONDS: 60,
    DEFAULT_PROBE_SECONDS: 60,
    DEFAULT_PAGE_ITEMS: 50,
    DEFAULT_TAIL_ITEMS: 200,
    DEFAULT_BULK_ITEMS: 100_000,
    DEFAULT_PER_SECOND: 50,
    DEFAULT_PERIOD_SECONDS: 86_400,
    DEFAULT_BUCKET: "hour",
    DEFAULT_COMPARED_EVENTS: 1_000,
    DEFAULT_GRACE_SECONDS: 60,
    LOCAL_GRACE_SECONDS: 5,
    DEFAULT_SAMPLE_RATE: 1,
    LOCAL_METRICS_TOKEN: "local-metrics-token",
    DEFAULT_SCHEDULES: ["0 4 * * *"],
    SCHEDULES_WITHOUT_ALARM: ["* * * * *"],
  });
});

test("the pages have the default rules of health", () => {
  expect(DOCUMENTS).toContain(`{ "health": ${spaced(DEFAULT_HEALTH)} }`);
});

/** As JSON on a page. */
const spaced = (value: object) =>
  JSON.stringify(value)
    .replaceAll(/([{,:])/g, "$1 ")
    .replaceAll("}", " }");

describe("what is published gives the default", () => {
  const { type, interval } = defaults.DEFAULT_RETRY_DELAY;
  test.each<[keyof typeof defaults, string, string]>([
    ["DEFAULT_DELAY_SECONDS", "the pages", `"defaultDelaySeconds": ${defaults.DEFAULT_DELAY_SECONDS},  `],
    ["DEFAULT_MAX_RETRIES", "the pages", `"defaultMaxRetries": ${defaults.DEFAULT_MAX_RETRIES},  `],
    ["DEFAULT_RETRY_DELAY", "the pages", `"defaultRetryDelay": { "type": "${type}", "interval": ${interval} },  `],
    ["DEFAULT_TIMEOUT_SECONDS", "the pages", `"defaultTimeoutSeconds": ${defaults.DEFAULT_TIMEOUT_SECONDS},  `],
    ["DEFAULT_LOST_AFTER_SECONDS", "the pages", `"lostAfterSeconds": ${defaults.DEFAULT_LOST_AFTER_SECONDS},`],
    ["DEFAULT_CLOUD_EVENT_SOURCE", "the pages", `// default: ${defaults.DEFAULT_CLOUD_EVENT_SOURCE}, `],
    ["DEFAULT_CLOUD_EVENT_TYPE", "the pages", `, ${defaults.DEFAULT_CLOUD_EVENT_TYPE}\n`],
    ["DEFAULT_GROUP_SIZE", "the pages", `\`groupSize\` (1 to ${defaults.DEFAULT_GROUP_SIZE}, the default`],
    ["DEFAULT_DRAIN_PER_SECOND", "the pages", `\`drainPerSecond\` (default ${defaults.DEFAULT_DRAIN_PER_SECOND})`],
    ["DEFAULT_BURST", "the pages", `\`burst\` (default ${defaults.DEFAULT_BURST})`],
    ["DEFAULT_BREAKER_SECONDS", "the pages", `"seconds": ${defaults.DEFAULT_BREAKER_SECONDS}, "probeSeconds"`],
    ["DEFAULT_PROBE_SECONDS", "the pages", `"probeSeconds": ${defaults.DEFAULT_PROBE_SECONDS} }`],
    ["DEFAULT_PER_SECOND", "the pages", `\`perSecond\` (default ${defaults.DEFAULT_PER_SECOND})`],
    [
      "DEFAULT_PER_SECOND",
      "schema/contract/operations.ts",
      `default ${defaults.DEFAULT_PER_SECOND}: thousands at once`,
    ],
    ["DEFAULT_BULK_ITEMS", "schema/contract/operations.ts", `to deal with, default ${n(defaults.DEFAULT_BULK_ITEMS)}.`],
    [
      "DEFAULT_PAGE_ITEMS",
      "schema/contract/operator.ts",
      `Most items; 1 to 500, default ${defaults.DEFAULT_PAGE_ITEMS}.`,
    ],
    ["DEFAULT_TAIL_ITEMS", "the pages", `\`limit\`, default ${defaults.DEFAULT_TAIL_ITEMS}, 1,000 at most`],
    ["DEFAULT_COMPARED_EVENTS", "infra/cloudflare/arguments.ts", `default ${n(defaults.DEFAULT_COMPARED_EVENTS)}.`],
    ["DEFAULT_GRACE_SECONDS", "the pages", `0 to 86,400 s, default ${defaults.DEFAULT_GRACE_SECONDS})`],
    ["DEFAULT_GRACE_SECONDS", "infra/cloudflare/arguments.ts", `default ${defaults.DEFAULT_GRACE_SECONDS}.`],
  ])("of %s, in %s", (_, path, sentence) =>
    expect(path === "the pages" ? tells(sentence) : read(path).includes(sentence)).toBe(true),
  );
});

test("an empty configuration gets the defaults of the table", () => {
  const { routes, destinations, ...settings } = parseRouteConfig({ routes: [] });
  expect(settings).toEqual({
    defaultDelaySeconds: defaults.DEFAULT_DELAY_SECONDS,
    defaultMaxRetries: defaults.DEFAULT_MAX_RETRIES,
    defaultRetryDelay: defaults.DEFAULT_RETRY_DELAY,
    defaultTimeoutSeconds: defaults.DEFAULT_TIMEOUT_SECONDS,
    lostAfterSeconds: defaults.DEFAULT_LOST_AFTER_SECONDS,
  });
  expect(cloudEventOrigin(parseRouteConfig({ routes: [] }))).toEqual({
    source: defaults.DEFAULT_CLOUD_EVENT_SOURCE,
    type: defaults.DEFAULT_CLOUD_EVENT_TYPE,
  });
});

test("destinations without settings get the defaults of the table", () => {
  const { destinations } = parseRouteConfig({
    destinations: { ONE: {}, MANY: { batch: true }, BREAKS: { kind: "r2", breaker: { failures: 3 } } },
    routes: [],
  });
  expect({ ...destinations }).toMatchObject({
    ONE: { groupSize: defaults.DEFAULT_GROUP_SIZE },
    MANY: { groupSize: defaults.DEFAULT_GROUP_SIZE },
    BREAKS: {
      groupSize: defaults.DEFAULT_GROUP_SIZE,
      breaker: { failures: 3, seconds: defaults.DEFAULT_BREAKER_SECONDS, probeSeconds: defaults.DEFAULT_PROBE_SECONDS },
    },
  });
});

test("operators' calls without options get the defaults of the table", () => {
  expect(check(PageSchema, {}, "page").limit).toBe(defaults.DEFAULT_PAGE_ITEMS);
  expect(check(OperationPageSchema, {}, "page").limit).toBe(defaults.DEFAULT_LISTED_OPERATIONS);
  expect(check(BulkSchema, {}, "options").limit).toBe(defaults.DEFAULT_BULK_ITEMS);
  expect(check(RetryManySchema, {}, "options").perSecond).toBe(defaults.DEFAULT_PER_SECOND);
});
