import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPERATION_ACTIONS } from "../../schema/vocabulary/statuses.ts";
import { type Commands, startCommands } from "../support/command-process.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { opsEnv } from "../support/ops.ts";
import { argsOf, callsOfPages, type PageCall } from "../support/page-calls.ts";
import { createPageProject, PageShop } from "../support/page-shop.ts";
import type { ProjectDirectory } from "../support/project-directory.ts";
import { ROOT } from "../support/wrangler-config.ts";

let database: TestDatabase;
let project: ProjectDirectory;
let shop: PageShop;
let commands: Commands;
let calls: PageCall[];
beforeAll(async () => {
  [database, project] = await Promise.all([createDatabase(), createPageProject()]);
  shop = new PageShop(database);
  [commands] = await Promise.all([startCommands(opsEnv(database), project.root), shop.open()]);
  calls = callsOfPages(project.root, database.url);
});
afterAll(async () => {
  commands?.stop();
  project?.[Symbol.dispose]();
  await database?.drop();
});

/** Calls that are not made here, by their beginning; with the test that makes them, or the reason. The first that fits. */
const NOT_HERE: readonly (readonly [begins: RegExp, instead: string])[] = [
  [/^npx cf-eventhub-workflows init$/, "asks on a terminal; test/unit/init/init.test.ts says what it does without one"],
  [/^npx cf-eventhub-workflows dev --once/, "test/integration/dev-killed.test.ts"],
  [/^npx cf-eventhub-workflows dev\b/, "test/integration/dev.test.ts"],
  [/^npm run dev$/, "test/integration/dev.test.ts"],
  [/^npx cf-eventhub-workflows mcp\b/, "test/integration/mcp.test.ts"],
  [/^npx cf-eventhub-workflows probe\b/, "test/integration/probe.test.ts"],
  [/^npx cf-eventhub-workflows ops tail\b/, "goes on until Ctrl-C, as in test/integration/operate-cli.test.ts"],
  [/^npx cf-eventhub-workflows events check --against-stored$/, "is named in a sentence, without its file"],
  [/^npm (ci|install)\b/, "asks the registry; test/integration/package.test.ts installs without it"],
  [/^npm pack$/, "test/integration/package.test.ts"],
  [/^npm (test|run check)$/, "runs this test, or takes as long as all of them"],
  [/^npm run demo\b/, "starts all of the demo; test/unit/demo-options.test.ts reads its options"],
  [/^npm run chaos\b/, "goes on for minutes; test/integration/chaos-interrupt.test.ts starts one"],
  [/^npm run deploy$/, "deploys; test/integration/init.test.ts deploys with --dry-run"],
  [/^npx wrangler types /, "test/integration/init.test.ts"],
  [/^npx wrangler /, "acts in an account; test/integration/pages-wrangler.test.ts reads its options"],
  [/^(npm run (--silent )?)?pulumi /, "acts in an account; test/integration/pulumi-stack.test.ts runs the program"],
  [/^curl /, "calls what was deployed"],
  [/^(psql|pg_dump|pg_restore) /, "comes with a Postgres that somebody has installed"],
  [/^openssl rand /, "comes with the system, and makes a secret"],
];

/** What a command needs to have something to do, by its arguments. A returned id stands for that of the page. The first that fits. */
const GIVEN: readonly (readonly [args: RegExp, give: () => Promise<string> | Promise<void>])[] = [
  [/^ops release/, () => shop.hold("order-17")],
  [/^ops flow .*--held/, () => shop.hold()],
  [/^ops flow .*--waiting-for/, () => shop.wait()],
  [/^ops list .*--overdue/, () => shop.forget()],
  [/^ops .*--invalid/, () => shop.refuse()],
  [/^ops .*--operation /, () => shop.operation("finished")],
  [/^ops (operation|stop) /, () => shop.operation("running")],
  [/^ops (event|explain|replay) /, () => shop.event()],
  [/^ops cancel /, () => shop.dispatch("ongoing")],
  [/^ops (show|retry|note) /, () => shop.dispatch("failed")],
];

/** An id on the pages. */
const ID = /^(ID|0193a5c0-0000-7000-8000-000000000017|01890a5d-ac96-774b-bcce-b302099a8057)$/;

/** Bulk work, which asks on a terminal, and without one wants `--yes`. */
const ASKS = /^ops (?!.*(--dry-run|--yes))(.* )?((retry|cancel) --|replay )/;

/** What a command says on stderr while it succeeds. */
const NOTES = /^(note: the executor takes this up with its next look, at .*|built the index of .*)\n$/;

const insteadOf = ({ line }: PageCall) => NOT_HERE.find(([begins]) => begins.test(line))?.[1];

/** Makes a call of one of our commands. Returns what happened, if it failed, printed nothing, or complained. */
async function faultOf(call: PageCall, args: readonly string[]): Promise<string[]> {
  const line = args.join(" ");
  const id = (await GIVEN.find(([pattern]) => pattern.test(line))?.[1]()) ?? "";
  const own = [...args.map((arg) => (ID.test(arg) ? id : arg)), ...(ASKS.test(line) ? ["--yes"] : [])];
  const { code, stdout, stderr } = await commands.run(own, { DATABASE_URL: call.databaseUrl });
  const succeeded = code === 0 && stdout !== "" && (stderr === "" || NOTES.test(stderr));
  if (succeeded && own.includes("--json")) JSON.parse(stdout);
  return succeeded ? [] : [`${call.page}: ${own.join(" ")}: ${code} ${stderr}${stdout}`];
}

describe("what the pages say to type", () => {
  test("succeeds in a project and at a database that have what it names, and prints its answer", async () => {
    const faults: string[] = [];
    let made = 0;
    for (const call of calls) {
      const args = argsOf(call);
      if (args === undefined || insteadOf(call) !== undefined) continue;
      made++;
      faults.push(...(await faultOf(call, args)));
    }
    expect(faults).toEqual([]);
    expect(made).toBeGreaterThan(90);
    // Each action that a page shows has left its row.
    const rows = await database.query<{ action: string }>("select distinct action from eventhub.operations");
    expect(rows.map(({ action }) => action).sort()).toEqual([...OPERATION_ACTIONS].sort());
  });

  test("is our command, or has a test or a reason in a table, which names nothing else", () => {
    expect(calls.filter((call) => argsOf(call) === undefined && insteadOf(call) === undefined)).toEqual([]);
    expect(NOT_HERE.filter(([begins]) => !calls.some(({ line }) => begins.test(line)))).toEqual([]);
    const tests = NOT_HERE.flatMap(([, instead]) => instead.match(/test\/\S+\.ts/g) ?? []);
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test("names configurations of wrangler that there are, here or in a project of init", () => {
    const named = calls.flatMap(({ words }) =>
      words[1] === "wrangler" && words[2] !== "types"
        ? words.filter((_, at) => ["-c", "--config"].includes(words[at - 1] ?? ""))
        : [],
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => ![ROOT, project.root].some((root) => existsSync(join(root, path))))).toEqual([]);
  });
});
