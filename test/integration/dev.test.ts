import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findFreePort } from "../../infra/local/free-port.ts";
import { type DevProcess, startDev } from "../support/dev-process.ts";
import { DevProject, ROUTING } from "../support/dev-project.ts";
import { eventually } from "../support/eventually.ts";

let project: DevProject;
let dev: DevProcess;
let port: number;
let origin: string;
let api: string;
let billing: string;

beforeAll(async () => {
  project = new DevProject();
  port = await findFreePort();
  origin = `http://localhost:${port}`;
  dev = startDev(project.root, `--port=${port}`);
  await dev.prints(/eventhub is up/);
  [api = "", billing = ""] = await dev.prints(/shop-api +(\S+)\n +shop-billing +(\S+)\n/);
});
afterAll(async () => {
  await dev?.end("SIGKILL");
  await project?.remove();
});

beforeEach(({ onTestFailed }) => onTestFailed(() => console.log(dev.output)));

const emit = (payload: object) => fetch(`${origin}/emit`, { method: "POST", body: JSON.stringify(payload) });

test("says where everything is, with an event that a route takes", async () => {
  const [console] = await dev.prints(/\n {2}console +(\S+)\n/);
  expect(console).toBe(origin);
  await dev.prints(new RegExp(`emit +curl ${origin}/emit -d '{"kind":"order.paid"}'\n`));
  await dev.prints(/logs +\.eventhub\/logs\/workers\.log\n/);
  expect(dev.output).not.toContain("to end");
});

test("each Worker has a port of its own, on which it answers without the gateway", async () => {
  expect(await (await fetch(`${api}/orders?page=2`)).json()).toEqual({
    url: `${api}/orders?page=2`,
    secret: null,
    database: null,
  });
  const socket = new WebSocket(api.replace("http", "ws"));
  const answer = await new Promise((resolve, reject) => {
    socket.onopen = () => socket.send("hello");
    socket.onmessage = ({ data }) => resolve(data);
    socket.onerror = reject;
  });
  socket.close();
  expect(answer).toBe("echo hello");
  const cron = await fetch(`${billing}/cdn-cgi/handler/scheduled?cron=0+6+*+*+*`);
  expect([cron.status, await cron.text()]).toEqual([200, "ok\n"]);
  await dev.prints(/shop-billing │ the cron 0 6 \* \* \* ran\n/);
});

test("an event that a Worker emits is delivered and shown in a line, beside the consumer's log", async () => {
  const response = await fetch(api, { method: "POST", body: '{"kind":"order.paid","order":"one"}' });
  expect(response.status).toBe(200);
  await response.body?.cancel();
  await dev.prints(/\norder\.paid → BILLING complete \d+(\.\d+)? m?s\n/);
  await dev.prints(/\nshop-billing │ billing one in EUR\n/);
  await (await emit({ kind: "nobody's" })).body?.cancel();
  await dev.prints(/\nnobody's → no route takes it\n/);
});

test("the console's search finds an event by a value that the configuration has an index of", async () => {
  const [event] = (
    (await (await emit({ kind: "nobody's", order: "sought-17" })).json()) as { events: { id: string }[] }
  ).events;
  const found = await fetch(`${origin}/search?q=sought-17`, { redirect: "manual" });
  expect([found.status, found.headers.get("location")]).toEqual([302, `/events/${event?.id}`]);
  await found.body?.cancel();
});

test("an error of a handler is shown with its stack, and so is each attempt", async () => {
  await (await emit({ kind: "order.paid", order: "two", failures: 1 })).body?.cancel();
  await dev.prints(
    /shop-billing │ TypeError: card declined\nshop-billing │ {5}at Billing\.handle \(workers\/billing\/index\.ts:5:\d+\)\n/,
  );
  await dev.prints(/\norder\.paid → BILLING attempt 1 failed: .*card declined/);
  await dev.prints(/\norder\.paid → BILLING complete \d+(\.\d+)? m?s, 2 attempts\n/);
});

test("a faulty routing.json is reported with its place, the last good one stays, and the next good one applies", async () => {
  project.write({ "eventhub/routing.json": '{\n  "routes": [{ "destination": 1 }]\n}' });
  await dev.prints(
    /eventhub\/routing\.json:2:31: routes\[0\]\.destination: .*\n[\s\S]*the previous version stays in use\n/,
  );
  const [before] = ((await (await emit({ kind: "order.paid", order: "three" })).json()) as Emitted).events;
  expect(before?.dispatches).toHaveLength(1);
  const [first] = ROUTING.routes;
  const refunds = { ...first, name: "refunds", condition: { path: "$.kind", exact: "order.refunded" } };
  project.write({ "eventhub/routing.json": { ...ROUTING, routes: [...ROUTING.routes, refunds] } });
  await dev.prints(/eventhub\/routing\.json has changed\n[\s\S]*the Workers have been reloaded\n/);
  await eventually(
    async () => ((await dispatchesOf({ kind: "order.refunded", order: "four" })) === 1 ? true : undefined),
    "the new route takes it",
  );
  await dev.prints(/\norder\.refunded → BILLING complete/);
});

interface Emitted {
  events: { dispatches: object[] }[];
}

async function dispatchesOf(payload: object): Promise<number | undefined> {
  const response = await emit(payload);
  return response.ok ? ((await response.json()) as Emitted).events[0]?.dispatches.length : undefined;
}

test("a change of the code and of a secret reaches the Worker, and the routes stay what they are", async () => {
  const index = "workers/billing/index.ts";
  const code = project.read(index).replace('console.log("billing",', 'console.log("charging",');
  project.write({ [index]: code, "workers/billing/.dev.vars": "CURRENCY='USD'\n" });
  await dev.prints(/workers\/billing\/\.dev\.vars has changed\n/);
  await eventually(async () => {
    await dispatchesOf({ kind: "order.refunded", order: "dollars" });
    return dev.output.includes("charging dollars in USD") ? true : undefined;
  }, "wrangler has built it");
});

test("a page of another site reaches nothing, by any name", async () => {
  for (const path of ["/emit", "/local/reconcile", "/local/forget"]) {
    const answer = await fetch(`${origin}${path}`, {
      method: "POST",
      headers: {
        Origin: "https://evil.example",
        "Sec-Fetch-Site": "cross-site",
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: '{"kind":"order.paid"}',
    });
    expect([path, answer.status]).toEqual([path, 403]);
    await answer.body?.cancel();
  }
  expect(await rawStatus("evil.example", "/local/ready")).toBe(403);
  expect(await rawStatus(`localhost:${port}`, "/local/ready")).toBe(200);
});

/** The status of a GET that names another host, as a browser sends it for a rebound name. */
async function rawStatus(host: string, path: string): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += chunk;
  return Number(text.split(" ")[1]);
}

test("browsers reach the console, whatever Access the production has", async () => {
  const page = await fetch(`${origin}/`, { headers: { "Sec-Fetch-Site": "none" } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("<title>Overview · local</title>");
});

test("a second start is refused, and says what to use", async () => {
  const second = startDev(project.root, `--port=${port}`);
  expect(await second.ended).toBe(1);
  expect(second.output).toContain(
    `A stack is already running: use ${origin}, or stop it (Ctrl-C in its terminal, or kill ${dev.pid}).`,
  );
});

test("an interrupt ends it, and nothing stays", async () => {
  expect(await dev.end("SIGINT")).toBe(0);
  await expect(fetch(origin)).rejects.toThrow("fetch failed");
  await expect(fetch(api)).rejects.toThrow("fetch failed");
});
