import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { json, text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import type { Measured } from "../../infra/cli/probe/measure.ts";
import { findFreePort } from "../../infra/local/free-port.ts";
import { startWranglerDev, type WranglerDev } from "../../infra/local/workers/wrangler-dev.ts";
import { makeCalls } from "../../workers/probe/make-calls.ts";
import { ProjectDirectory } from "../support/project-directory.ts";
import { asked } from "../support/terminal.ts";
import { ROOT } from "../support/wrangler-config.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const PROBE = [join(ROOT, "infra/cli/index.ts"), "probe"];

async function probe(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [...PROBE, ...args], { cwd });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, out, err };
}

/** Replaces wrangler in a project: the test answers its calls. */
const WRANGLER = `
const answer = await fetch(process.env.ACCOUNT, { method: "POST", body: JSON.stringify(process.argv.slice(2)) });
process.stdout.write(await answer.text());
process.exitCode = answer.ok ? 0 : 1;
`;

/** An account, for a wrangler that asks `answer` for the result of each call. */
async function account(answer: (args: string[]) => Promise<string | undefined> | string | undefined) {
  const calls: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const args = (await json(request)) as string[];
    calls.push(args.join(" ").replace(/\S+\/(?=\w+\.json)/, ""));
    const said = await answer(args);
    response.statusCode = said === undefined ? 500 : 200;
    response.end(said ?? "You are not authenticated.");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => server.close());
  const project = new ProjectDirectory({
    "node_modules/wrangler/package.json": { name: "wrangler", version: "4.155.0", type: "module" },
    "node_modules/wrangler/bin/wrangler.js": WRANGLER,
  });
  stops.push(() => project[Symbol.dispose]());
  process.env.ACCOUNT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stops.push(() => delete process.env.ACCOUNT);
  return { calls, root: project.root };
}

const REMOVED = [
  "delete --name eventhub-probe --force",
  "delete --name eventhub-probe-callee --force",
  "workflows delete eventhub-probe",
  "queues delete eventhub-probe",
];

test("what the platform bears is measured on what was deployed, which is removed afterwards", async () => {
  let dev: WranglerDev | undefined;
  const { calls, root } = await account(async (args) => {
    const [command, , config = ""] = args;
    if (command === "delete") await dev?.stop();
    if (command !== "deploy" || !config.endsWith("probe.json")) return "done";
    const directory = dirname(config);
    dev = await startWranglerDev({
      configurations: [config, join(directory, "callee.json")],
      port: await findFreePort(),
      state: join(directory, "state"),
      registry: join(directory, "registry"),
      log: join(directory, "wrangler.log"),
      ready: "/ready",
    });
    stops.push(() => dev?.stop());
    return `Uploaded eventhub-probe\nDeployed eventhub-probe triggers\n  ${dev.origin}\n  Producer for eventhub-probe\n`;
  });
  const { code, out, err } = await probe(root, "--yes", "--json", "--calls", "300");
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  const { calls: made, atOnce, latency } = JSON.parse(out) as Measured;
  const all = { made: 300, refusal: null, ms: expect.any(Number) };
  expect(made).toEqual({ request: all, step: all, instance: all });
  expect(atOnce.map(({ atOnce, made }) => [atOnce, made])).toEqual([16, 32, 64, 100, 200].map((n) => [n, 200]));
  for (const { min, median, max } of Object.values(latency))
    expect([min, median, max]).toEqual([min, median, max].sort((a, b) => a - b));
  expect(calls).toEqual([
    "queues create eventhub-probe",
    "deploy --config callee.json",
    "deploy --config probe.json",
    ...REMOVED,
  ]);
});

test("what cannot be deployed is removed as far as it is there, and wrangler's words are told", async () => {
  const { calls, root } = await account(([command]) => (command === "deploy" ? undefined : "done"));
  const { code, err } = await probe(root, "--yes");
  expect(code).toBe(1);
  expect(err).toContain("deploy --config");
  expect(err).toContain("You are not authenticated.");
  expect(calls).toEqual(["queues create eventhub-probe", "deploy --config callee.json", ...REMOVED]);
});

test("a queue that is there already is nobody's to remove", async () => {
  const { calls, root } = await account(() => undefined);
  expect(await probe(root, "--yes")).toMatchObject({ code: 1, out: "" });
  expect(calls).toEqual(["queues create eventhub-probe"]);
});

test("what cannot be removed is told, and the rest is removed", async () => {
  const { calls, root } = await account(([command]) =>
    ["deploy", "workflows"].includes(command ?? "") ? undefined : "done",
  );
  const { code, err } = await probe(root, "--yes");
  expect(code).toBe(1);
  expect(err).toContain(
    "wrangler workflows delete eventhub-probe failed:\nYou are not authenticated.\nCheck that it is gone; if not, run it again.",
  );
  expect(calls.slice(2)).toEqual(REMOVED);
});

test("nothing is deployed unasked", async () => {
  const { calls, root } = await account(() => "done");
  expect(await probe(root)).toMatchObject({ code: 2, err: expect.stringContaining("--yes") });
  expect(await probe(root, "--name", "My Probe", "--yes")).toMatchObject({ code: 2 });
  expect(await asked("n", PROBE, { cwd: root })).toEqual({
    code: 1,
    out: "",
    said: expect.stringMatching(/Deploy eventhub-probe, eventhub-probe-callee, .*nothing was done\n$/s),
  });
  expect(calls).toEqual([]);
});

test("Ctrl-C ends it at once, also while the probe does not answer, and all is removed", async () => {
  const silent = createServer((request, response) => {
    if (request.url === "/") response.end("here\n");
    else child.kill("SIGINT");
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  stops.push(() => silent.close());
  const { calls, root } = await account(() => `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const child = spawn(process.execPath, [...PROBE, "--yes"], { cwd: root });
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect({ code, last: err.trim().split("\n").at(-1) }).toEqual({ code: 1, last: "interrupted" });
  expect(calls.slice(3)).toEqual(REMOVED);
});

test("calls end at the first that is refused, with what was made and why", async () => {
  let begun = 0;
  const call = async () => {
    begun++;
    if (begun > 50) throw new Error("Too many subrequests.");
  };
  expect(await makeCalls({ calls: 1_000, atOnce: 1 }, call)).toMatchObject({
    made: 50,
    refusal: "Too many subrequests.",
  });
  expect(begun).toBe(51);
});
