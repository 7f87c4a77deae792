/** `npm run test:package`: what a person does with the package in the first ten minutes, outside of the repository, with only Node and npm. */
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WrongCall } from "../../infra/cli/exit.ts";
import { parseOptionsAndArguments, readCall } from "../../infra/cli/script-call.ts";
import { removePostgres } from "../../infra/local/postgres/postgres.ts";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../support/wrangler-config.ts";
import { expectText, StepFailed, step, withPackage } from "./steps.ts";

/** One line of a delivery: `order.paid → BILLING complete 12 ms`. */
const DELIVERED = /\S+ → BILLING complete \d+(\.\d+)? m?s/;

/** `--once` shows the delivery and ends with 0. So does a second run, on the files of the first. */
async function deliver(project: string): Promise<void> {
  expectText(await step(project, "npx eventhub dev --once"), DELIVERED, "dev --once shows the delivery");
}

/** Runs `deploy --dry-run` with every wrangler configuration of a project. */
async function dryRuns(project: string): Promise<void> {
  const files = await readdir(project, { recursive: true });
  const configs = files.filter((file) => /(^|\/)wrangler\.jsonc$/.test(file) && !/(^|\/)(node_modules|\.)/.test(file));
  if (configs.length < 4) throw new StepFailed(`only these wrangler configurations are there: ${configs.join(", ")}`);
  for (const config of configs.sort()) await step(project, `npx wrangler deploy --dry-run -c ${config}`);
}

/** A second `init` finds nothing to do, and `doctor` finds nothing wrong. */
async function sound(project: string): Promise<void> {
  expectText(await step(project, "npx eventhub init --yes"), /Nothing to do/, "init again");
  await step(project, "npx eventhub doctor");
}

async function inEmptyFolder(project: string, tarball: string): Promise<number> {
  await mkdir(project);
  await step(project, `npm install --no-audit --no-fund ${tarball}`);
  const started = performance.now();
  await step(project, "npx eventhub init --yes");
  const initialised = performance.now() - started;
  await step(project, "npm install --no-audit --no-fund");
  const installed = performance.now();
  await deliver(project);
  const ms = initialised + performance.now() - installed;
  await step(project, "npm test");
  await step(project, "npm run types");
  await step(project, "npx tsc --noEmit --strict -p .");
  await dryRuns(project);
  await sound(project);
  return ms;
}

async function inHonoProject(project: string, tarball: string): Promise<number> {
  await cp(join(ROOT, "test", "package", "hono"), project, { recursive: true });
  const { hono, typescript, wrangler } = manifest.devDependencies;
  await replace(project, "package.json", { HONO: hono, TYPESCRIPT: typescript, WRANGLER: wrangler });
  await step(project, `npm install --no-audit --no-fund ${tarball}`);
  const before = await readFile(join(project, "src", "index.ts"), "utf8");
  const started = performance.now();
  await step(project, "npx eventhub init --yes");
  const initialised = performance.now() - started;
  const configuration = await readFile(join(project, "wrangler.jsonc"), "utf8");
  expectText(configuration, /\/\/ what was ordered/, "init keeps comments");
  expectText(configuration, /"binding": "EVENTHUB", "service": "eventhub-hub"/, "init binds the hub");
  if ((await readFile(join(project, "src", "index.ts"), "utf8")) !== before)
    throw new StepFailed("init has changed src/index.ts");
  await step(project, "npm install --no-audit --no-fund");
  const installed = performance.now();
  await deliver(project);
  const ms = initialised + performance.now() - installed;
  await replace(project, "src/index.ts", { "// await": "await" });
  await step(project, "npm run types");
  await step(project, "npx tsc --noEmit --strict -p .");
  await step(project, "npm test");
  await dryRuns(project);
  await sound(project);
  return ms;
}

async function replace(project: string, file: string, words: Readonly<Record<string, string>>): Promise<void> {
  const path = join(project, file);
  let text = await readFile(path, "utf8");
  for (const [word, by] of Object.entries(words)) text = text.replaceAll(word, by);
  await writeFile(path, text);
}

const TRIES = { empty: inEmptyFolder, hono: inHonoProject };

const HELP = `npm run test:package -- [--keep] [empty] [hono]

Packs the package and tries it, in an empty folder and in a Hono project with a
Worker of its own, or in the one that is named. Needs the npm registry.

  --keep  keep the folder
  --help  this`;

interface Call {
  asked: readonly (keyof typeof TRIES)[];
  keep: boolean;
}

function readOptions(args: readonly string[]): Call {
  const { values, positionals } = parseOptionsAndArguments(args, { keep: { type: "boolean", default: false } });
  const all = Object.keys(TRIES) as (keyof typeof TRIES)[];
  const unknown = positionals.find((name) => !Object.hasOwn(TRIES, name));
  if (unknown !== undefined) throw new WrongCall(`there is no ${JSON.stringify(unknown)}, only ${all.join(", ")}`);
  return { asked: all.filter((name) => positionals.length === 0 || positionals.includes(name)), keep: values.keep };
}

async function main({ asked, keep }: Call): Promise<void> {
  await withPackage(
    "try",
    async (folder, tarball) => {
      for (const name of asked) {
        const project = join(folder, name);
        console.log(`\nin ${name === "empty" ? "an empty folder" : "a Hono project"}: ${project}`);
        try {
          const ms = await TRIES[name](project, tarball);
          console.log(`${(ms / 1_000).toFixed(1)} s from the installed package to the first delivered event`);
        } catch (error) {
          if (!(error instanceof StepFailed)) throw error;
          console.error(error.message);
          process.exitCode = 1;
        } finally {
          // For root it is at another place.
          if (!keep) await removePostgres(join(project, ".eventhub/postgres"));
        }
      }
    },
    { keep },
  );
}

await main(readCall({ name: "test:package", help: HELP }, readOptions));
