import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { MAX_DELAY_SECONDS, MAX_HOPS, MAX_PAYLOAD_BYTES } from "../../schema/contract/index.ts";
import { n, table } from "../support/made-page.ts";
import { code, membersOf, rowOf, told } from "../support/type-tables.ts";
import { ROOT } from "../support/wrangler-config.ts";

const CONTRACT = join(ROOT, "schema/contract/index.ts");
const compiler = ts.createProgram([CONTRACT], {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: [],
});
const checker = compiler.getTypeChecker();

/** The package's exports: each declaration by its name. */
const exported: ReadonlyMap<string, ts.Declaration> = new Map(
  checker.getExportsOfModule(symbolOf(CONTRACT)).flatMap((symbol) => {
    const meant = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
    const [declaration] = meant.declarations ?? [];
    return declaration === undefined ? [] : [[symbol.name, declaration] as const];
  }),
);

function symbolOf(path: string): ts.Symbol {
  const source = compiler.getSourceFile(path);
  const symbol = source && checker.getSymbolAtLocation(source);
  if (symbol === undefined) throw new Error(`${path} is no module`);
  return symbol;
}

/** An interface of the same file that is not exported, such as the two forms of `EventHub`. */
function beside(name: string, hidden: string): ts.InterfaceDeclaration {
  const found = exported
    .get(name)
    ?.getSourceFile()
    .statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === hidden);
  if (found === undefined || !ts.isInterfaceDeclaration(found))
    throw new Error(`${hidden} does not stand beside ${name}`);
  return found;
}

/** The parts of a type: the members of an interface, and the code of everything else. */
function bodyOf(declaration: ts.Declaration): string {
  if (ts.isInterfaceDeclaration(declaration)) return membersOf(declaration);
  if (ts.isTypeAliasDeclaration(declaration)) return `\`${code(declaration.type)}\``;
  if (ts.isFunctionDeclaration(declaration))
    return `\`${code(declaration.name)}(${declaration.parameters.map(code).join(", ")}): ${code(declaration.type)}\``;
  throw new Error(`what is ${code(declaration)}?`);
}

/** The part of a declaration that has the docstring. */
const documented = (declaration: ts.Declaration): ts.Node =>
  ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;

function sectionOf(name: string): string {
  const declaration = exported.get(name);
  if (declaration === undefined) throw new Error(`nothing exports ${name}`);
  const head = `## ${name}\n\n${told(documented(declaration))}`;
  if (name === "EventHub") return `${head}\n\n${membersOf(beside(name, "HubOfPayloads"))}`;
  if (name === "EmitErrorCode") return `${head} [Error codes](../../workers/errors.md) lists all of them.`;
  return `${head}\n\n${bodyOf(declaration)}`;
}

/** Types that only help to write others. */
const HELPERS = ["AsJson", "Checked", "EventOf", "Events", "KindOf"];
const VALUES = { MAX_DELAY_SECONDS, MAX_HOPS, MAX_PAYLOAD_BYTES };
const PRODUCERS = [
  "EventHub",
  "Emittable",
  "EmitOptions",
  "Cause",
  "EmitResult",
  "EmittedEvent",
  "EmitErrorCode",
  "emitErrorCode",
];
const CONSUMERS = [
  "Consumer",
  "BatchConsumer",
  "BatchItem",
  "HandleContext",
  "HandleReturn",
  "HandleResult",
  "HandleOutcome",
  "ContextMessage",
];
const PAYLOADS = ["EventPayload", "JsonValue", "CloudEvent"];

const listed = (names: readonly string[]) =>
  names.map((name) => [name, told(documented(exported.get(name) as ts.Declaration))]);
const constants = Object.entries(VALUES).map(([name, value]) => [
  name,
  n(value),
  ...(listed([name])[0]?.slice(1) ?? []),
]);
const sections = (names: readonly string[]) => names.map(sectionOf).join("\n\n");

const producersPage = `# The producers' contract

What does \`emit\` take, and what does it answer? This page is made of the types that the package \`cf-eventhub-workflows\` exports. [Emit an
event](../../workers/hub/emit/README.md) explains them with examples. The [consumers' contract](consumers.md) has a page of its own.

${sections(PRODUCERS)}

${sections(PAYLOADS)}

## Types for your own types

With a [definition of events](../../workers/hub/events/README.md), these types make payloads typed.

${table(["type", "meaning"], listed(HELPERS))}

## Constants

${table(["constant", "value", "meaning"], constants)}
`;

const consumersPage = `# The consumers' contract

What does a consumer get, and what may it answer? This page is made of the types that the package \`cf-eventhub-workflows\` exports. [Write a
consumer](../../workflows/README.md) explains them with examples. The [producers' contract](producers.md) has a page of its own.

${sections(CONSUMERS)}
`;

test.each([
  ["producers.md", producersPage],
  ["consumers.md", consumersPage],
])("schema/contract/%s is generated from the exported types", async (page, text) => {
  await expect(text).toMatchFileSnapshot(`../../schema/contract/${page}`);
});

test("every export of the package is on one of the pages, with a description", () => {
  const shown = [...PRODUCERS, ...CONSUMERS, ...PAYLOADS, ...HELPERS, ...Object.keys(VALUES)];
  expect([...shown].sort()).toEqual([...exported.keys()].sort());
  expect(shown.filter((name) => told(documented(exported.get(name) as ts.Declaration)) === "")).toEqual([]);
  const rows = shown.flatMap((name) => {
    const declaration = exported.get(name);
    return declaration !== undefined && ts.isInterfaceDeclaration(declaration) && !HELPERS.includes(name)
      ? declaration.members.map((member) => [name, rowOf(member)] as const)
      : [];
  });
  expect(rows.filter(([, [, , meaning]]) => meaning === "").map(([name, [member]]) => `${name}.${member}`)).toEqual([]);
});
