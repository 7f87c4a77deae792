import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { ROOT } from "../../support/wrangler-config.ts";

const FILE = join(ROOT, "test/unit/events/program.ts");

/** A user's program in an editor; `^` is where the cursor is. */
const PROGRAM = `
import * as v from "valibot";
import type { EventHubArgs } from "../../../infra/cloudflare/arguments.ts";
import { defineEvents } from "../../../schema/events/index.ts";
const events = defineEvents({
  "order.paid": v.object({ id: v.string(), customer: v.object({ id: v.number() }), lines: v.array(v.object({ sku: v.string() })) }),
  "order.refunded": v.object({ id: v.string(), reason: v.optional(v.string()), extra: v.record(v.string(), v.string()), "odd-name": v.string() }),
});
declare function deploy<const D extends Record<string, { kind: "worker"; service: string }>, E extends typeof events>(args: Pick<EventHubArgs<D, E>, "routes" | "events" | "destinations">): void;
deploy({
  destinations: { BILLING: { kind: "worker", service: "billing" } },
  events,
  routes: [
    { destination: "BILLING", condition: { path: "^", exact: "order.paid" } },
    { destination: "BILLING", condition: { allOf: [{ not: { path: "$.customer.i^", exact: 17 } }] } },
    { destination: "BILLING", condition: { path: "$..anything[?@.else]", exists: true } },
  ],
});
`;

const text = PROGRAM.replaceAll("^", "");
// Each is further back by the number of marks before it.
const cursors = [...PROGRAM.matchAll(/\^/g)].map(({ index }, marks) => index - marks);

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  types: [],
};
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getCurrentDirectory: () => ROOT,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  getScriptFileNames: () => [FILE],
  getScriptVersion: () => "1",
  getScriptSnapshot: (name) => {
    if (name === FILE) return ts.ScriptSnapshot.fromString(text);
    return ts.sys.fileExists(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8")) : undefined;
  },
  fileExists: (name) => name === FILE || ts.sys.fileExists(name),
  readFile: (name) => (name === FILE ? text : ts.sys.readFile(name)),
});

const offered = (cursor: number) =>
  (service.getCompletionsAtPosition(FILE, cursor, undefined)?.entries ?? []).map(({ name }) => name).toSorted();

test("an editor completes the paths of defined events in a condition at every depth, and accepts any other path", () => {
  expect(service.getSemanticDiagnostics(FILE).map(({ messageText }) => messageText)).toEqual([]);
  const paths = [
    "$.customer",
    "$.customer.id",
    "$.extra",
    "$.id",
    "$.kind",
    "$.lines",
    "$.lines[*]",
    "$.lines[*].sku",
    "$.reason",
  ];
  expect(cursors.map(offered)).toEqual([paths, paths]);
});
