/** `npm run test:matrix`: the tests that depend on the version of Node or of PostgreSQL, with each of these versions. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import Table from "cli-table3";
import { WrongCall } from "../../infra/cli/exit.ts";
import { parseOptions, readCall } from "../../infra/cli/script-call.ts";
import { ROOT } from "../support/wrangler-config.ts";
import { NODE, nodeOf, POSTGRES, postgresOf, type Version } from "./versions.ts";

interface Row {
  name: string;
  files: number;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
}

/** The parts of vitest's JSON report that are read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { status: string }[];
}

const HELP = `npm run test:matrix -- [--node V,V,...] [--postgres N,N,...]

The tests that depend on the version of Node, and those that depend on the
version of PostgreSQL, once with each version. The versions come from npm, into
the user's cache directory. Exit 1 if anything failed.

  --node V,V,...      default ${NODE.join(",")}; "" leaves out Node
  --postgres N,N,...  default ${Object.keys(POSTGRES).join(",")}; "" leaves out PostgreSQL
  --help              this`;

const asked = readCall({ name: "test:matrix", help: HELP }, (args) => {
  const values = parseOptions(args, {
    node: { type: "string", default: NODE.join(",") },
    postgres: { type: "string", default: Object.keys(POSTGRES).join(",") },
  });
  const listed = (text: string) => text.split(",").filter((one) => one !== "");
  const unknown = listed(values.postgres).find((major) => !Object.hasOwn(POSTGRES, major));
  if (unknown !== undefined)
    throw new WrongCall(`there is no PostgreSQL ${JSON.stringify(unknown)}, only ${Object.keys(POSTGRES).join(", ")}`);
  return { node: listed(values.node), postgres: listed(values.postgres) };
});

await using resources = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), "cf-eventhub-matrix-"));
resources.defer(() => rm(directory, { recursive: true, force: true }));

const rows: Row[] = [];
for (const wanted of asked.node) rows.push(await run(await nodeOf(wanted)));
for (const major of asked.postgres) rows.push(await run(await postgresOf(major)));
print(rows);
if (rows.some(({ passed, failed }) => failed > 0 || passed === 0)) process.exitCode = 1;

/** Runs these files with this version. vitest prints failures as they occur. */
async function run({ name, node, env, files }: Version): Promise<Row> {
  console.log(`\n${name}`);
  const start = performance.now();
  const output = join(directory, `${name.replaceAll(" ", "-")}.json`);
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts", "--root", "."];
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile=${output}`];
  const child = spawn(node, [...vitest, ...reporters, ...files], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    // Programs that the tests start by the name `node` use this Node as well.
    env: { ...process.env, ...env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
  });
  const [code] = await once(child, "exit");
  const seconds = (performance.now() - start) / 1_000;
  const text = await readFile(output, "utf8").catch(() => undefined);
  // vitest did not even start: that counts as one failure.
  if (text === undefined) return { name, files: 0, passed: 0, failed: 1, skipped: 0, seconds };
  const report = JSON.parse(text) as Report;
  const broken = report.testResults.filter(({ status }) => status === "failed").length;
  return {
    name,
    files: report.testResults.length,
    passed: report.numPassedTests,
    // A file that could not be loaded has no failed tests, and errors outside of tests show only in the exit code.
    failed: report.numFailedTests || broken || (code === 0 ? 0 : 1),
    skipped: report.numPendingTests,
    seconds,
  };
}

function print(all: readonly Row[]): void {
  const table = new Table({
    head: ["version", "files", "passed", "failed", "skipped", "s"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { name, files, passed, failed, skipped, seconds } of all)
    table.push([name, files, passed, failed, skipped, seconds.toFixed(0)]);
  console.log(`\n${table.toString()}`);
}
