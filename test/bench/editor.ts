/**
 * `npm run bench:editor`: what a definition of 300 kinds costs an editor: `tsc --extendedDiagnostics` of a project that defines them and types a
 * producer, a consumer and routes with them, beside the same project without these types. It installs nothing: it runs in a folder below this one.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readBareCall } from "../../infra/cli/script-call.ts";
import { median } from "./statistics.ts";

readBareCall("bench:editor", "What a definition of 300 kinds costs an editor: tsc with and without the hub's types.");

const KINDS = 300;
const ROUNDS = 3;
const HERE = dirname(fileURLToPath(import.meta.url));
const TSC = join(HERE, "../../node_modules/typescript/bin/tsc");

const SCHEMA =
  "v.object({ id: v.string(), total: v.number(), by: v.picklist(['app', 'web']), customer: v.object({ id: v.string(), email: v.optional(v.string()) }), lines: v.array(v.object({ sku: v.string(), count: v.number() })) })";
const kinds = Array.from({ length: KINDS }, (_, n) => `  "area${n % 20}.thing${n}": ${SCHEMA},`);

/** The definition alone, and then with what producers, consumers and routes do with its types. */
const FILES = {
  without: `import * as v from "valibot";\nexport const events = {\n${kinds.join("\n")}\n};\n`,
  with: `import * as v from "valibot";
import type { Consumer, EventHub, EventOf } from "../../../schema/contract/index.ts";
import { defineEvents, on, type PathOf } from "../../../schema/events/index.ts";
export const events = defineEvents({\n${kinds.join("\n")}\n});
type Shop = typeof events;
const event = { id: "a", total: 1, by: "app", customer: { id: "c" }, lines: [] } as const;
export const emit = (hub: EventHub<Shop>) => hub.emit([{ kind: "area1.thing1", ...event, lines: [] }, { kind: "area2.thing2", ...event, lines: [] }]);
export const kind = (one: EventOf<Shop>) => (one.kind === "area3.thing3" ? one.customer.id : one.kind);
export const handle = on<Shop>({ "area4.thing4": async ({ id }) => ({ result: "complete", reason: id }) });
export type Some = Consumer<Shop, "area5.thing5" | "area6.thing6">;
export const path: PathOf<Shop> = "$.customer.id";
`,
};

const directory = await mkdtemp(join(HERE, "editor-"));
try {
  const found = { without: [] as Diagnostics[], with: [] as Diagnostics[] };
  for (let round = 0; round < ROUNDS; round++)
    for (const which of ["without", "with"] as const) found[which].push(await diagnose(which));
  for (const which of ["without", "with"] as const) {
    const of = (name: keyof Diagnostics) => median(found[which].map((one) => one[name]));
    const figures = `check ${of("checkSeconds").toFixed(2)} s, ${of("instantiations").toLocaleString("en")} instantiations, ${of("memoryMb").toFixed(0)} MB`;
    console.log(`${KINDS} kinds, ${which} the hub's types: ${figures}`);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

interface Diagnostics {
  checkSeconds: number;
  instantiations: number;
  memoryMb: number;
}

/** One run of the compiler; an error in the file is one of ours, and throws. */
async function diagnose(which: keyof typeof FILES): Promise<Diagnostics> {
  const file = `${which}.ts`;
  await writeFile(join(directory, file), FILES[which]);
  const config = { extends: "../../../tsconfig.json", compilerOptions: { noEmit: true }, include: [], files: [file] };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(config));
  const { stdout } = await promisify(execFile)(process.execPath, [TSC, "-p", directory, "--extendedDiagnostics"]);
  const value = (name: string) => Number.parseFloat(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1] ?? "");
  return {
    checkSeconds: value("Check time"),
    instantiations: value("Instantiations"),
    memoryMb: value("Memory used") / 1_024,
  };
}
