import { afterAll, beforeAll, expect, test } from "vitest";
import { insertHistory, type Past } from "../support/history.ts";
import { type System, startSystem } from "../support/system.ts";
import { consoleOf } from "../support/system-workers.ts";

const CONSOLE = "older-console";

let system: System;
/** Ids and names that the pages are asked for. */
let known: { dispatch: string; waiting: string; event: string; other: string; operation: string };

beforeAll(async () => {
  system = await startSystem({
    more: ({ script }) => [
      {
        config: {
          ...consoleOf(CONSOLE, { LOCAL_ACTOR: "ada" }).config,
          services: [
            { binding: "OPERATOR", service: "older-hub", entrypoint: "Operator" },
            { binding: "EVENTHUB", service: "hub" },
          ],
        },
      },
      {
        config: {
          name: "older-hub",
          ...script("older hub"),
          services: [{ binding: "OPERATOR", service: "hub", entrypoint: "Operator" }],
        },
      },
    ],
  });
  known = await insertEverything();
});
afterAll(() => system?.stop());

/** Something of each kind that pages show: failures, what is retried, overdue, waits for limits and an order, is held or was changed by operators. */
async function insertEverything() {
  const { database } = system;
  const at = new Date(Date.now() - 30 * 60_000);
  const past = (status: string, more: Partial<Past> = {}): Past => ({ status, at, attempts: 1, ...more });
  const rows = await insertHistory(database, [
    past("failed", { reason: "no", payload: { kind: "order.paid", id: "o-1" }, idempotencyKey: "key-1" }),
    past("lost"),
    past("ongoing", { reason: "HTTP 500" }),
    ...Array.from({ length: 30 }, () => past("complete")),
    ...Array.from({ length: 40 }, () => past("failed", { reason: "HTTP 503", destination: "SINGLE" })),
  ]);
  await database.query(
    `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
     select id, 1, 'failed', 'no', 'i', created_at, created_at from eventhub.dispatches`,
  );
  for (const name of ["KEYED", "HELD", "SINGLE"]) await system.operate("pauseDestination", name, "not now");
  await system.emit([
    { to: "KEYED", customer: "c-1" },
    { to: "HELD", order: "o-1" },
  ]);
  const [{ id: waiting } = { id: "" }] = await database.query<{ id: string }>(
    "select id from eventhub.dispatches where destination = 'HELD'",
  );
  const { id: operation } = await system.operate<{ id: string }>("retryDispatches", { destination: "SINGLE" });
  const [failed, other] = rows;
  return {
    dispatch: failed?.id ?? "",
    waiting,
    event: failed?.eventId ?? "",
    other: other?.eventId ?? "",
    operation,
  };
}

const ask = async (path: string, form?: Record<string, string>) => {
  const answer = await system.harness.getWorker(CONSOLE).fetch(`http://localhost${path}`, {
    redirect: "manual",
    headers: { "Sec-Fetch-Site": "same-origin" },
    ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
  });
  return { status: answer.status, text: await answer.text() };
};

/** The text of a page, without its markup. */
const wordsOf = (html: string) => html.replaceAll(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<[^>]*>/g, " ");

test.each([
  "/",
  "/figures",
  "/deployment",
  "/destinations",
  "/destinations?idle=yes",
  "/destinations/SCRIPTED",
  "/destinations/SINGLE",
  "/destinations/KEYED",
  "/destinations/HELD",
  "/destinations/RATED",
  "/dispatches",
  "/dispatches?status=failed",
  "/dispatches?overdue=yes",
  "/dispatches?columns=id.destination.values.payload",
  "/dispatches/:dispatch",
  "/dispatches/:waiting",
  "/dispatches/:dispatch/compare",
  "/dispatches/retry?status=failed",
  "/dispatches/cancel?status=ongoing",
  "/events",
  "/events/:event",
  "/events/kinds",
  "/events/compare?ids=:event&ids=:other",
  "/events/replay?ids=:event",
  "/live",
  "/emit?event=:event",
  "/routes",
  "/routes?event=:event",
  "/routes/scripted",
  "/retention",
  "/operations",
  "/operations/:operation",
  "/search?q=:dispatch",
  "/search?q=:operation",
  "/search?q=key-1",
  "/dispatches.csv",
  "/events.csv",
  "/operations.csv",
  "/destinations.csv",
  "/dispatches.json",
  "/destinations.json",
])("%s shows what a hub without this version's members has", async (template) => {
  const path = template.replaceAll(/:(\w+)/g, (_, name: keyof typeof known) => known[name]);
  const { status, text } = await ask(path);
  // A search that finds one thing leads to its page.
  expect(status, wordsOf(text)).toBe(path.startsWith("/search") ? 302 : 200);
  expect(wordsOf(text)).not.toMatch(/\b(undefined|NaN|Invalid Date)\b|\[object Object\]/);
  expect(wordsOf(text)).not.toMatch(/Something went wrong|did not expect/);
});

test.each<[string, Record<string, string>]>([
  ["/destinations/SINGLE/resume", {}],
  ["/destinations/SCRIPTED/pause", { reason: "later" }],
  ["/dispatches/:dispatch/retry", {}],
  [
    "/dispatches/cancel",
    {
      status: "ongoing",
      destination: "KEYED",
      expected: "1",
      exact: "yes",
      asOf: new Date().toISOString(),
      operationId: "01930000-0000-7000-8000-000000000001",
    },
  ],
])("%s is done by a hub without this version's members", async (template, form) => {
  const { status, text } = await ask(template.replace(":dispatch", known.dispatch), form);
  expect(status, wordsOf(text)).toBe(303);
});
