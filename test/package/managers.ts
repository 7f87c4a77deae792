/** `npm run test:managers`: the packed tarball with each package manager. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WrongCall } from "../../infra/cli/exit.ts";
import { parseOptionsAndArguments, readCall } from "../../infra/cli/script-call.ts";
import manifest from "../../package.json" with { type: "json" };
import { expectText, StepFailed, step, withPackage } from "./steps.ts";

interface Manager {
  /** Files that are written before anything is installed. */
  files?: Readonly<Record<string, string>>;
  install: string;
  run: string;
}

const at = (name: string) => `npx --yes --prefer-offline --package=${name} --`;

const MANAGERS: Readonly<Record<string, Manager>> = {
  npm: { install: "npm install --no-audit --no-fund", run: "npx" },
  pnpm: { install: `${at("pnpm@12.21.0")} pnpm install`, run: `${at("pnpm@12.21.0")} pnpm exec` },
  "yarn-classic": { install: `${at("yarn@1.22.22")} yarn install`, run: `${at("yarn@1.22.22")} yarn --silent run` },
  "yarn-berry": {
    files: { ".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\n", "yarn.lock": "" },
    install: `${at("@yarnpkg/cli-dist@4.18.1")} yarn install`,
    run: `${at("@yarnpkg/cli-dist@4.18.1")} yarn run`,
  },
  bun: { install: `${at("bun@1.4.5")} bun install`, run: `${at("bun@1.4.5")} bun run` },
};

const PRODUCER = `import { type EventHub, emitErrorCode } from "cf-eventhub-workflows";
import { Hub } from "cf-eventhub-workflows/hub";

interface Paid { kind: string; id: string }
export const emit = (hub: EventHub, paid: Paid) => hub.emit(paid, { idempotencyKey: paid.id }).catch(emitErrorCode);
export default class extends Hub {}
`;

const TSCONFIG = {
  compilerOptions: {
    target: "es2024",
    lib: ["es2024"],
    module: "esnext",
    moduleResolution: "bundler",
    types: ["@cloudflare/workers-types"],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  },
  files: ["producer.ts"],
};

async function tryManager(folder: string, tarball: string, { files = {}, install, run }: Manager): Promise<void> {
  await mkdir(folder);
  const { typescript, "@cloudflare/workers-types": types } = manifest.devDependencies;
  const dependencies = { [manifest.name]: `file:${tarball}`, typescript, "@cloudflare/workers-types": types };
  const all = {
    "package.json": JSON.stringify({ name: "tried", version: "0.0.0", private: true, type: "module", dependencies }),
    "producer.ts": PRODUCER,
    "tsconfig.json": JSON.stringify(TSCONFIG),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) await writeFile(join(folder, name), text);
  await step(folder, install);
  const version = await step(folder, `${run} eventhub --version`);
  expectText(version, new RegExp(`^${manifest.version}$`, "m"), "the version");
  await step(folder, `${run} tsc -p .`);
}

const HELP = `npm run test:managers -- [${Object.keys(MANAGERS).join("] [")}]

Installs the packed tarball in an empty folder with each package manager, or
with those that are named, runs its command, and compiles a file that uses it.
Needs the npm registry, from which the managers come as well.

  --help  this`;

const asked = readCall({ name: "test:managers", help: HELP }, (args) => {
  const { positionals } = parseOptionsAndArguments(args, {});
  const unknown = positionals.find((name) => !Object.hasOwn(MANAGERS, name));
  if (unknown === undefined) return positionals;
  throw new WrongCall(`there is no ${JSON.stringify(unknown)}, only ${Object.keys(MANAGERS).join(", ")}`);
});
await withPackage("managers", async (folder, tarball) => {
  for (const [name, manager] of Object.entries(MANAGERS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    console.log(`\n${name}`);
    try {
      await tryManager(join(folder, name), tarball, manager);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      console.error(error.message);
      process.exitCode = 1;
    }
  }
});
