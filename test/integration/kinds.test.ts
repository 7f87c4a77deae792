import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DESTINATION_KINDS } from "../../schema/config/destinations/index.ts";
import { emitAndSettle } from "../support/deliver.ts";
import { insertDispatch } from "../support/dispatch-rows.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

const NEW_SECRET = "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==";
const OLD_SECRET = "whsec_b2xkLXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==";

let receiver: Receiver;
let system: System;

beforeAll(async () => {
  receiver = await startReceiver();
  system = await startSystem({
    executorVars: {
      WEBHOOK_ORIGIN: receiver.origin,
      EVENTHUB_INSECURE_WEBHOOKS: "true",
      HOOK_SECRET_NEW: NEW_SECRET,
      HOOK_SECRET_OLD: OLD_SECRET,
      HOOK_SECRET_BAD: "not base64 §",
    },
  });
});
afterAll(async () => {
  await system?.stop();
  receiver?.close();
});

async function deliver(payload: object) {
  const settled = await emitAndSettle(system, payload);
  return { ...settled, attempts: receiver.received.get(settled.dispatch.id) ?? [] };
}

/** A destination of each kind that has a binding. */
const ONE_OF: Readonly<Record<string, string>> = {
  worker: "SCRIPTED",
  r2: "ARCHIVE",
  queue: "JOBS",
  workflow: "ONBOARDING",
  hub: "OTHER_HUB",
};

test("the binding of each kind has the class in workerd by which a wrong one is recognised", async () => {
  const classes = await system.bindingClasses();
  const kinds = Object.entries(DESTINATION_KINDS).filter(([, { binding }]) => binding !== undefined);
  expect(kinds.map(([kind]) => [kind, classes[ONE_OF[kind] ?? ""]])).toEqual(
    kinds.map(([kind, { binding }]) => [kind, binding?.class]),
  );
});

describe("a webhook", () => {
  test("is a POST of the payload, signed as Standard Webhooks with each secret", async () => {
    const { dispatch, attempts } = await deliver({ to: "HOOK", text: "é😀" });
    expect(dispatch).toMatchObject({ status: "complete", attempts: 1 });
    const [request] = attempts;
    expect(JSON.parse(request?.body ?? "")).toEqual({ to: "HOOK", text: "é😀" });
    expect(request?.headers).toMatchObject({
      "webhook-id": dispatch.id,
      "content-type": "application/json",
      "user-agent": "cf-eventhub",
      "x-api-version": "7",
    });
    for (const secret of [NEW_SECRET, OLD_SECRET]) {
      expect(new Webhook(secret).verify(request?.body ?? "", request?.headers as Record<string, string>)).toEqual({
        to: "HOOK",
        text: "é😀",
      });
    }
    const stranger = new Webhook("whsec_c29tZWJvZHktZWxzZS1lbnRpcmVseS1pbmRlZWQ=");
    expect(() => stranger.verify(request?.body ?? "", request?.headers as Record<string, string>)).toThrow();
  });

  test.each([500, 503, 404, 401, 429, 408])("is retried after %i", async (status) => {
    const { dispatch, executions } = await deliver({ to: "HOOK", answers: [{ status }, { status: 200 }] });
    expect(dispatch).toMatchObject({ status: "complete", attempts: 2 });
    expect(executions[0]?.reason).toBe(`answered ${status}`);
  });

  test.each([410, 400, 413, 422])("has failed for good after %i", async (status) => {
    const { dispatch } = await deliver({ to: "HOOK", answers: [{ status }] });
    expect(dispatch).toMatchObject({ status: "failed", attempts: 1, reason: `answered ${status}` });
  });

  test("waits as long as Retry-After says", async () => {
    const { dispatch, executions } = await deliver({
      to: "HOOK",
      answers: [{ status: 429, headers: { "retry-after": "1" } }, { status: 200 }],
    });
    expect(dispatch).toMatchObject({ status: "complete", attempts: 2 });
    const [first, second] = executions;
    expect((second?.started_at.getTime() ?? 0) - (first?.finished_at.getTime() ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  test("does not follow a redirect", async () => {
    const { dispatch, attempts } = await deliver({
      to: "HOOK",
      answers: [{ status: 307, headers: { location: "/elsewhere" } }],
    });
    // wrangler's own proxy for outgoing requests turns a redirect that is not followed into a 500.
    expect(dispatch).toMatchObject({
      status: "failed",
      attempts: 3,
      reason: expect.stringMatching(/^answered (307|500)/),
    });
    expect(attempts.map(({ path }) => path)).toEqual(["/hook", "/hook", "/hook"]);
  });

  test("takes the status for the answer, however long the body goes on", async () => {
    const { dispatch } = await deliver({ to: "HOOK", answers: [{ status: 200, endless: true }] });
    expect(dispatch).toMatchObject({ status: "complete", attempts: 1 });
  });

  test("that does not answer in time has failed", async () => {
    const { dispatch, executions } = await deliver({ to: "HOOK", answers: [{ silent: true }, { status: 200 }] });
    expect(dispatch).toMatchObject({ status: "complete", attempts: 2 });
    expect(executions[0]?.reason).toBe("no answer within 2 s");
  });

  test.each([
    ["HOOK_UNSIGNED", "the executor has no secret HOOK_SECRET_FORGOTTEN"],
    ["HOOK_BAD_SECRET", "the secret HOOK_SECRET_BAD must be whsec_ and base64 of 24 to 64 random bytes"],
  ])("without a usable secret is misconfigured, and nothing is sent: %s", async (to, reason) => {
    const { dispatch, attempts } = await deliver({ to });
    expect(dispatch).toMatchObject({ status: "misconfigured", attempts: 1, reason });
    expect(attempts).toEqual([]);
  });
});

test("a Queue gets the payload as a message", async () => {
  const { dispatch } = await deliver({ to: "JOBS", n: 1 });
  expect(dispatch).toMatchObject({ status: "complete", attempts: 1 });
  const arrival = await eventually(
    async () => (await system.arrivals()).find(({ way }) => way === "queue"),
    "the message arrives",
  );
  expect(arrival.body).toEqual({ to: "JOBS", n: 1 });
});

test("a payload that no Queue takes has failed for good", async () => {
  const { dispatch } = await deliver({ to: "JOBS", text: "x".repeat(130_000) });
  expect(dispatch).toMatchObject({
    status: "failed",
    attempts: 1,
    reason: "the payload has 130023 bytes, but a Queue takes messages of 127000",
  });
});

test("a user's own Workflow runs once, also when it is asked twice", async () => {
  const { dispatch } = await deliver({ to: "ONBOARDING", n: 1 });
  expect(dispatch).toMatchObject({ status: "complete", attempts: 1 });
  // The same dispatch once more, as if its executor had died before the record.
  await system.database.query(
    "update eventhub.dispatches set status = 'ongoing', resulted_at = null, attempts = 0, generation = 1, instance_id = null, enqueued_at = '2020-01-01', next_attempt_at = '2020-01-01' where id = $1",
    [dispatch.id],
  );
  await system.database.query("delete from eventhub.executions where dispatch_id = $1", [dispatch.id]);
  await system.reconcile();
  const [again] = await eventually(async () => {
    const rows = await system.database.query("select status, attempts, reason from eventhub.dispatches where id = $1", [
      dispatch.id,
    ]);
    return rows[0]?.status === "ongoing" ? undefined : rows;
  }, "the dispatch is final again");
  expect(again).toEqual({ status: "complete", attempts: 1, reason: "the instance existed already" });
  const runs = await eventually(async () => {
    const found = (await system.arrivals()).filter(({ id }) => id === dispatch.id);
    return found.length > 0 ? found : undefined;
  }, "the Workflow ran");
  expect(runs).toEqual([{ way: "workflow", id: dispatch.id, body: { to: "ONBOARDING", n: 1 } }]);
});

describe("another hub", () => {
  test("saves the event as its own, one hop further, and a circle ends", async () => {
    const { dispatch } = await deliver({ to: "OTHER_HUB" });
    expect(dispatch).toMatchObject({ status: "complete", reason: expect.stringMatching(/^event /) });
    const last = await eventually(async () => {
      const [row] = await system.database.query(
        `select e.hops, d.attempts, d.reason from eventhub.events e join eventhub.dispatches d on d.event_id = e.id
         where d.destination = 'OTHER_HUB' and d.status = 'failed'`,
      );
      return row;
    }, "the circle is broken");
    expect(last).toEqual({
      hops: 8,
      attempts: 1,
      reason: expect.stringMatching(/^\[loop\] event [0-9a-f-]{36} has 8 hops behind it, /),
    });
  });

  test("that would refuse the event again and again is asked once", async () => {
    // A depth that this hub refuses. The row is an operator's, since emit() would refuse it here, too.
    let payload: object = {};
    for (let depth = 0; depth < 600; depth++) payload = { a: payload };
    const id = await insertDispatch(system.database, { destination: "OTHER_HUB", enqueued_at: new Date(0) }, payload);
    await system.reconcile();
    const [row] = await eventually(async () => {
      const rows = await system.database.query(
        "select status, attempts, reason from eventhub.dispatches where id = $1",
        [id],
      );
      return rows[0]?.status === "ongoing" ? undefined : rows;
    }, "the dispatch is final");
    expect(row).toMatchObject({
      status: "failed",
      attempts: 1,
      reason: expect.stringContaining("[invalid_payload] event.a.a.a"),
    });
  });
});
