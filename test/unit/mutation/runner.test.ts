import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Runner } from "../../mutation/runner.ts";

/** A session that does what the first test is called: it dies each time, or once, or never answers, or dies after its answer. */
const SESSION = `
  import { existsSync, writeFileSync } from "node:fs";
  process.on("disconnect", () => process.exit());
  process.on("message", ({ tests: [act] }) => {
    const first = !existsSync("begun");
    writeFileSync("begun", "");
    if (act === "die" || (act === "die once" && first)) process.exit(1);
    if (act === "hang") return;
    process.send({ failed: false, took: {} }, () => act === "die later" && process.exit(1));
  });
`;
const passed = { failed: false, took: {} };

let folder: string;
let runner: Runner;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cf-eventhub-runner-"));
  writeFileSync(join(folder, "session.mjs"), SESSION);
  runner = new Runner(join(folder, "session.mjs"), folder);
});
afterEach(() => rmSync(join(folder, "begun"), { force: true }));
afterAll(async () => {
  await runner.end();
  rmSync(folder, { recursive: true, force: true });
});
const ask = (act: string, limitMs?: number) => runner.ask({ changed: [], tests: [act] }, limitMs);

test("a session that dies is asked again, once", async () => {
  expect(await ask("die once")).toEqual(passed);
  expect(existsSync(join(folder, "begun"))).toBe(true);
  expect(await ask("die")).toBe("died");
  expect(await ask("pass")).toEqual(passed);
});

test("one that died after its answer costs the next request nothing", async () => {
  expect(await ask("die later")).toEqual(passed);
  expect(await ask("pass")).toEqual(passed);
  expect(await ask("die later")).toEqual(passed);
  expect(await ask("die")).toBe("died");
});

test("one that does not answer in time is late, and the next request has another", async () => {
  expect(await ask("hang", 200)).toBe("late");
  expect(await ask("pass")).toEqual(passed);
});
