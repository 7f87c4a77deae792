import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT_HELP } from "../../infra/cli/exit.ts";
import { SCRIPT_EXIT_HELP } from "../../infra/cli/script-call.ts";
import type { DispatchDetail } from "../../schema/contract/operator.ts";
import { type Commands, startCommands } from "../support/command-process.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory } from "../support/history.ts";
import { OPS, opsEnv } from "../support/ops.ts";
import { runProgram } from "../support/run-program.ts";

/** Texts that do something to a terminal which treats them as more than text; each also tries to begin a line of its own. */
const HOSTILE = [
  "\u001b[2J\u001b[1;1H",
  "\u001b]0;title\u0007",
  "\u001b]52;c;cm0gLXJmIC8=\u001b\\",
  "\u009b31m\u0090q\u009c",
  "gnp.\u202eexe\u2066",
  "\nFORGED 1\r\nFORGED 2\u2028FORGED 3\u0085FORGED 4\r",
  "secret\b\b\u007f\u200b\ufeff",
].join(" ");
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const CLI = fileURLToPath(new URL("../../infra/cli/index.ts", import.meta.url));
const DEMO = fileURLToPath(new URL("../../infra/demo/demo.ts", import.meta.url));
const SEED = fileURLToPath(new URL("../../infra/cli/seed.ts", import.meta.url));

let database: TestDatabase;
let directory: string;
let dispatch: { id: string; eventId: string };
let files: Record<"hostile" | "payload" | "sound" | "faulty", string>;
let commands: Commands;
const children: ChildProcess[] = [];
const terminal = () => ({ ...opsEnv(database), FORCE_COLOR: "1" });

beforeAll(async () => {
  database = await createDatabase();
  commands = await startCommands(terminal());
  directory = await mkdtemp(join(tmpdir(), "eventhub-hostile-"));
  const path = (name: string) => join(directory, name);
  files = { hostile: path("h.json"), payload: path("p.json"), sound: path("s.json"), faulty: path("f.json") };
  const condition = { path: "$.kind", exact: HOSTILE };
  const routes = [{ name: HOSTILE.slice(0, 100), destination: "BILLING", condition, transform: "$" }];
  await writeFile(files.hostile, JSON.stringify({ routes }));
  await writeFile(
    files.sound,
    JSON.stringify({ routes: [{ destination: "BILLING", condition: { path: "$.kind", exact: "a" } }] }),
  );
  await writeFile(files.payload, JSON.stringify({ kind: "other", [HOSTILE]: HOSTILE }));
  await writeFile(files.faulty, JSON.stringify({ [HOSTILE]: 1, routes: [{ destination: HOSTILE, [HOSTILE]: 1 }] }));
  const [made] = await insertHistory(database, [
    {
      status: "failed",
      destination: "BILLING",
      route: HOSTILE,
      reason: HOSTILE,
      idempotencyKey: HOSTILE,
      payload: { [HOSTILE]: HOSTILE },
      at: new Date(Date.now() - 60_000),
    },
  ]);
  dispatch = made ?? { id: "", eventId: "" };
});

afterAll(async () => {
  for (const child of children) child.kill();
  commands?.stop();
  await rm(directory, { recursive: true, force: true });
  await database?.drop();
});

/** Removes our own colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours are made of
const plain = (text: string) => text.replace(/\u001b\[([0-2]|22|3[0-9]|90)m/g, "");

function expectHarmless(text: string): void {
  expect(UNSAFE.exec(plain(text))).toBeNull();
  expect(text).not.toMatch(/^\s*FORGED/m);
}

describe("text that others wrote is only text in the terminal", () => {
  const reads: [string, () => readonly string[]][] = [
    ["list", () => ["ops", "list"]],
    ["events", () => ["ops", "events"]],
    ["show", () => ["ops", "show", dispatch.id]],
    ["event", () => ["ops", "event", dispatch.eventId]],
    ["problems", () => ["ops", "problems"]],
    ["pause", () => ["ops", "pause", "BILLING", HOSTILE]],
    ["destinations", () => ["ops", "destinations"]],
    ["operations", () => ["ops", "--actor", HOSTILE, "operations"]],
    ["explain", () => ["ops", "--routing", files.hostile, "explain", files.payload]],
    ["routes explain", () => ["routes", "explain", files.hostile, files.payload]],
    ["routes diff", () => ["routes", "diff", files.sound, files.hostile]],
  ];
  test.each(reads)("%s", async (name, args) => {
    const { code, stdout, stderr } = await commands.run(args());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expectHarmless(stdout);
    // The text is there, and visible.
    if (name !== "destinations" && name !== "operations") expect(stdout).toContain("\\u001b[2J");
  });

  const errors: [string, number, () => readonly string[]][] = [
    ["a destination that cannot be", 2, () => ["ops", "pause", HOSTILE]],
    ["a filter that is wrong", 2, () => ["ops", "list", "--status", HOSTILE]],
    ["an option that is wrong", 2, () => ["ops", "list", "--since", HOSTILE]],
    ["a command that is unknown", 2, () => [HOSTILE]],
    ["a configuration with faults", 1, () => ["routes", "check", files.faulty]],
    ["a file that is not there", 1, () => ["routes", "check", HOSTILE.replaceAll("/", "")]],
  ];
  test.each(errors)("in the error of %s, which ends with %d", async (_, expected, args) => {
    const { code, stdout, stderr } = await commands.run(args());
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expectHarmless(stderr);
  });

  test("and --json has it exactly, in JSON that a terminal may show", async () => {
    const { stdout } = await commands.run(["ops", "--json", "show", dispatch.id]);
    expect(UNSAFE.exec(stdout)).toBeNull();
    const detail = JSON.parse(stdout) as DispatchDetail;
    expect(detail).toMatchObject({ route: HOSTILE, reason: HOSTILE, event: { idempotencyKey: HOSTILE } });
  });

  test("tail", async () => {
    const payload = { kind: HOSTILE };
    await insertHistory(database, [{ status: "failed", destination: "FOLLOWED", reason: HOSTILE, payload }]);
    const child = spawn(process.execPath, [OPS, "tail", "--destination", "FOLLOWED"], { env: terminal() });
    children.push(child);
    const [value] = await once(createInterface({ input: child.stdout }), "line").finally(() => child.kill());
    expectHarmless(String(value));
    expect(plain(String(value))).toMatch(/^\d\d:\d\d:\d\d \\u001b\[2J.* → FOLLOWED failed 0 ms: \\u001b\[2J/);
  });
});

describe("every command says how it ends", () => {
  test.each([
    [CLI, EXIT_HELP],
    [DEMO, SCRIPT_EXIT_HELP],
    [SEED, SCRIPT_EXIT_HELP],
  ])("%s --help", async (program, help) => {
    const { code, stdout } = await runProgram(program, ["--help"], { env: terminal() });
    expect(code).toBe(0);
    expect(stdout).toContain(help);
  });

  test.each([[["ops", "--help"]], [["ops", "list", "--help"]], [["routes", "--help"]]])("%j", async (args) => {
    const { code, stdout } = await commands.run(args);
    expect(code).toBe(0);
    expect(stdout).toContain(EXIT_HELP);
  });

  test.each<[string, readonly string[], string]>([
    [CLI, [], "Usage: eventhub"],
    [CLI, ["ops"], "Usage: eventhub ops"],
    [CLI, ["ops", "list", "--what"], "unknown option '--what'"],
    [CLI, ["ops", "show", "nothing"], "[invalid_arguments] id: must be a UUID"],
    [CLI, ["ops", "retry"], "give a filter, or --all for everything"],
    [CLI, ["ops", "list", "--since", "1960-01-01"], "That is before 1970"],
    [CLI, ["ops", "list", "--since", "99999999999999d"], "That is before 1970"],
    [CLI, ["routes", "diff", "a.json", "b.json", "--events=0"], "--events must be an integer from 1"],
    [CLI, ["ops", "list", "postgres://u:p@h/d"], "set DATABASE_URL in the environment instead"],
    [DEMO, ["--what"], "Unknown option '--what'"],
    [DEMO, ["--port=80"], "See npm run demo -- --help"],
    [SEED, ["--what"], "Unknown option '--what'"],
    [SEED, ["--dispatches=x"], "--dispatches must be an integer"],
    [SEED, ["--days="], '--days must be a number from 0.01 to 3650, got ""'],
  ])("2 for a wrong call: %s %j", async (program, args, said) => {
    const alone = program !== CLI || args.length === 0;
    const { code, stdout, stderr } = await (alone
      ? runProgram(program, args, { env: terminal() })
      : commands.run(args));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  test("3 for what is not there, 1 for what went wrong", async () => {
    const missing = await runProgram(CLI, ["ops", "show", "01930000-0000-7000-8000-000000000001"], { env: terminal() });
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining("[not_found] ")]);
    const away = {
      DATABASE_URL: "postgresql://u:secret@127.0.0.1:1/none",
      DATABASE_ENDPOINT: "http://127.0.0.1:1/sql",
    };
    const failed = await runProgram(CLI, ["ops", "list"], { env: { ...terminal(), ...away } });
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("[unavailable] ")]);
    expect(failed.stderr).not.toContain("secret");
  });
});
