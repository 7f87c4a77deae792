import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type TypeScript from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { cleanEnvironment, installPackage } from "../support/installed-package.ts";
import { ROOT } from "../support/wrangler-config.ts";

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** The compilers, oldest first. */
const COMPILERS = { "TypeScript 5.9": "typescript-5", "TypeScript 6": "typescript" };

/** How a project finds modules. */
const RESOLUTIONS = {
  bundler: { module: "esnext", moduleResolution: "bundler" },
  nodenext: { module: "nodenext", moduleResolution: "nodenext" },
};

/** The packages that a project has installed in addition, since its types need them. */
const BESIDE = ["@cloudflare/workers-types", "@pulumi/cloudflare", "@pulumi/pulumi", "@types/node", "wrangler"];

const WORKERS = ["hub.ts", "executor.ts", "consumer.ts", "producer.ts", "operator.ts", "routes.ts"];

/** Programs that run in Node, if the package has them. */
const PROGRAMS = ["stack.ts", ...("./testing" in manifest.exports ? ["testing.ts"] : [])];

let directory: string;
let project: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "eventhub-types-"));
  ({ project } = await installPackage(directory, BESIDE));
  const files = join(ROOT, "test", "package", "project");
  for (const file of await readdir(files)) await copyFile(join(files, file), join(project, file));
  await wranglerTypes("-c", "producer.wrangler.jsonc", "-c", "hub.wrangler.jsonc");
  const types = await readFile(join(project, "worker-configuration.d.ts"), "utf8");
  await writeFile(join(project, "runtime.d.ts"), types.slice(types.indexOf("\n// Begin runtime types\n") + 1));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const wranglerTypes = (...args: string[]) =>
  run(process.execPath, [join(project, "node_modules", "wrangler", "bin", "wrangler.js"), "types", ...args], {
    cwd: project,
    env: cleanEnvironment({ WRANGLER_SEND_METRICS: "false" }),
  });

/**
 * What a compiler reports for files of the project and the declarations that they reach.
 *
 * @param except A package whose own declarations are not checked.
 */
function faults(compiler: string, files: readonly string[], settings: object, except?: string): string[] {
  const ts = require(compiler) as typeof TypeScript;
  const compilerOptions = {
    target: "es2024",
    lib: ["es2024"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    resolveJsonModule: true,
    skipLibCheck: false,
    noEmit: true,
    ...settings,
  };
  const { options, errors, fileNames } = ts.parseJsonConfigFileContent({ compilerOptions, files }, ts.sys, project);
  const program = ts.createProgram(fileNames, options);
  const checked = program.getSourceFiles().filter(({ fileName }) => !fileName.includes(`/node_modules/${except}/`));
  const found = new Set(checked.flatMap((file) => ts.getPreEmitDiagnostics(program, file)));
  return [...errors, ...found].map(({ file, start = 0, messageText }) => {
    const line = file === undefined ? "" : `:${file.getLineAndCharacterOfPosition(start).line + 1}`;
    return `${file?.fileName.replace(`${project}/`, "")}${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

/** The combination of new projects and its opposite; all four with `TYPES=all`, as `npm run test:types:all` sets it. */
const COMBINATIONS = Object.entries(COMPILERS).flatMap(([name, compiler], i) =>
  Object.entries(RESOLUTIONS)
    .filter((_, j) => i !== j || process.env.TYPES === "all")
    .map(([resolution, settings]) => ({ name, compiler, resolution, settings })),
);

describe("the types of the package", () => {
  describe.each(COMBINATIONS)(
    "with $name, and modules as $resolution",
    ({ compiler, resolution: name, settings: resolution }) => {
      test("the Workers of a project compile with @cloudflare/workers-types", () => {
        expect(faults(compiler, WORKERS, { ...resolution, types: ["@cloudflare/workers-types"] })).toEqual([]);
      });

      test("they compile with what wrangler types makes, a producer with the binding as that types it", () => {
        // It imports the Workers without the extension that nodenext requires. There only the types of the runtime are useful, and their own `export
        // =` is refused.
        const made = name === "bundler" ? ["producer-generated.ts", "worker-configuration.d.ts"] : ["runtime.d.ts"];
        const found = faults(compiler, [...WORKERS, ...made], { ...resolution, types: [] });
        expect(found.filter((fault) => !/^runtime\.d\.ts.* Export assignment cannot be used/.test(fault))).toEqual([]);
      });

      test("a Pulumi program compiles, and tests of one's own", () => {
        expect(faults(compiler, PROGRAMS, { ...resolution, types: ["node"] })).toEqual([]);
      });
    },
  );

  test("a program that reads rows compiles, but for drizzle's own declarations", () => {
    const settings = { ...RESOLUTIONS.bundler, types: ["node"] };
    expect(faults(COMPILERS["TypeScript 6"], ["rows.ts"], settings, "drizzle-orm")).toEqual([]);
  });
});
