import { afterAll, beforeAll, expect, test } from "vitest";
import { DISPATCH_STATUSES } from "../../schema/vocabulary/statuses.ts";
import { failAndHold, insertWaiting } from "../support/flow-database.ts";
import { insertHistory, type Past } from "../support/history.ts";
import { type ConsoleUnderTest, startConsole } from "./support/console.ts";
import { looksRight, ROWS_SEEN_AGAIN } from "./support/looks.ts";

const MINUTE = 60_000;

/** The events of a night: more than a page of a list holds, in all and of those that failed. */
const EVENTS = 110;

/** The outcomes of the newest of a night, in addition to the failures. */
const NEWEST: Readonly<Record<number, Past>> = {
  1: { status: "lost", destination: "SINGLE", reason: "no attempt could be recorded" },
  3: { status: "misconfigured", destination: "UNBOUND", reason: "EVENTHUB_WORKFLOW_UNBOUND is no Workflow" },
  5: { status: "cancelled" },
  7: { status: "ignored", attempts: 1 },
};

/** A night in which one destination has failed, for three reasons; the others did well. */
function night(): Past[] {
  const reasons = [
    "HTTP 503 from billing.internal: upstream overloaded",
    "no answer within 30 s",
    "customer 17 is locked",
  ];
  return Array.from({ length: EVENTS }, (_, index): Past => {
    const at = new Date(Date.now() - (index + 1) * 5 * MINUTE);
    const payload = { kind: "order.paid", id: index, customer: { id: `c-${index}`, tags: ["new", null, true] } };
    if (index % 2 === 0)
      return { status: "failed", destination: "OWN", reason: reasons[index % 3] ?? "", at, payload, attempts: 4 };
    const well: Past = { status: "complete", idempotencyKey: `order-${index}`, attempts: 1 };
    return { ...(NEWEST[index] ?? well), at, payload };
  });
}

let console: ConsoleUnderTest;
let event: string;
let dispatch: string;
let operation: string;
let waiting: string;
let holding: string;
beforeAll(async () => {
  console = await startConsole();
  const { system } = console;
  const [first] = await insertHistory(system.database, night());
  dispatch = first?.id ?? "";
  event = first?.eventId ?? "";
  await system.emit({ to: "SCRIPTED" }, { delaySeconds: 3_600 });
  await system.operate("pauseDestination", "SINGLE", "waits for a repair");
  ({ id: operation } = await system.operate<{ id: string }>("retryDispatches", { ids: [dispatch] }));
});
beforeAll(async () => {
  const { database } = console.system;
  const rows = Array.from({ length: 4 }, () => ({ destination: "HELD", key: "cust-17", order: "order-17" }));
  [holding = "", , , waiting = ""] = await insertWaiting(database, rows);
  await insertWaiting(database, [
    { destination: "KEYED", key: "paused" },
    { destination: "KEYED", key: "set" },
    { destination: "HELD", order: "paused" },
  ]);
  await failAndHold(database, holding);
  await console.system.operate("pauseKey", "KEYED", "paused", { reason: "floods us" });
  await console.system.operate("pauseKey", "HELD", "paused", { reason: "bad data" });
  const until = new Date(Date.now() + 60 * MINUTE);
  await console.system.operate("setFlow", "KEYED", { key: "set", rate: { limit: 1, perSeconds: 1 }, until });
  await console.system.operate("setFlow", "KEYED", { concurrency: 2, until });
});
afterAll(() => console.stop());

test("axe sees rows of every status in both themes", async () => {
  const page = await console.open("/dispatches");
  const rows = page.locator("main tbody tr");
  const shown = await rows.locator(".status").allInnerTexts();
  expect(shown).toHaveLength(await rows.count());
  expect(new Set(shown.slice(0, ROWS_SEEN_AGAIN))).toEqual(new Set(DISPATCH_STATUSES));
});

test.each<[string, () => string]>([
  ["overview", () => "/"],
  ["dispatches", () => "/dispatches"],
  ["dispatches-failed", () => "/dispatches?status=failed&destination=OWN"],
  ["dispatches-none", () => "/dispatches?destination=NOWHERE"],
  ["dispatch", () => `/dispatches/${dispatch}`],
  ["retry-preview", () => "/dispatches/retry?status=failed&destination=OWN"],
  ["cancel-preview", () => "/dispatches/cancel?status=ongoing"],
  ["events", () => "/events"],
  ["event", () => `/events/${event}`],
  ["replay-preview", () => `/events/replay?ids=${event}`],
  ["kinds", () => "/events/kinds"],
  ["live", () => "/live"],
  ["destinations", () => "/destinations"],
  ["destination", () => "/destinations/OWN"],
  ["destination-paused", () => "/destinations/SINGLE"],
  ["destination-keys", () => "/destinations/KEYED"],
  ["destination-order", () => "/destinations/HELD"],
  ["dispatch-waiting", () => `/dispatches/${waiting}`],
  ["dispatch-holding", () => `/dispatches/${holding}`],
  ["routes", () => "/routes"],
  ["route", () => "/routes/scripted"],
  ["routes-explained", () => `/routes?event=${event}`],
  ["operations", () => "/operations"],
  ["operation", () => `/operations/${operation}`],
  ["retention", () => "/retention"],
  ["emit", () => "/emit"],
])("the page %s is accessible and fits, in both themes and at 360 px", async (name, path) => {
  await looksRight(console.open, path(), name);
});
