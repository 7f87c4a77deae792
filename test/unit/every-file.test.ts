import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { docstringOf, sourceOf } from "../support/docstrings.ts";
import { findFiles } from "../support/find-files.ts";
import { cell, table } from "../support/made-page.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** The pages about all files of a folder, each with the folders that have a page of their own. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  schema: ["schema/queries"],
  "schema/queries": [],
  workflows: [],
  workers: ["workers/hub", "workers/console"],
  "workers/hub": [],
  "workers/console": [],
  infra: ["infra/cli"],
  "infra/cli": [],
};

/** What `init` writes into a project, and SQL. */
const WITHOUT_CODE = ["templates", "migrations"];

const isCode = (path: string) => /\.(tsx?|js)$/.test(path) && !path.endsWith(".d.ts");

/** The longest that a file's line says of what it has, in characters. */
const MAX_TOLD = 260;

/** The first sentence of a comment. */
const sentence = (text: string): string => {
  const [untagged = ""] = text.split(/(?:^| )@[a-z]+\b/);
  return /^.*?(?<!\be\.g|\bi\.e)[.?!](?= |$)/.exec(untagged)?.[0] ?? untagged;
};

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as { name?: ts.Node };
  return name === undefined ? [] : [name.getText()];
}

/** What a file is for: the comment at its beginning, and what it exports, types last, each with the first sentence of its comment. */
function purposeOf(source: ts.SourceFile): string {
  const [first] = source.statements;
  const before = source.text.slice(0, first?.getStart() ?? 0);
  // A comment of the file: an import follows it, or it stands apart from the first declaration.
  const heads = [...before.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(([, text = ""]) =>
    text
      .replaceAll(/^\s*\* ?/gm, "")
      .replaceAll(/\s+/g, " ")
      .trim(),
  );
  const isOfFile = first !== undefined && (ts.isImportDeclaration(first) || heads.length > 1);
  const head =
    isOfFile && heads[0] !== undefined
      ? [sentence(heads[0].replaceAll(/\{@link (?:import\()?["']?([^}"']+)["']?\)?\}/g, "`$1`"))]
      : [];
  const isType = (statement: ts.Statement) =>
    ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  const inOrder = [...source.statements]
    .filter(isExported)
    .sort((one, other) => Number(isType(one)) - Number(isType(other)));
  const exported = inOrder.flatMap((statement) => {
    const said = sentence(docstringOf(statement).text);
    const names = namesOf(statement)
      .map((name) => `\`${name}\``)
      .join(", ");
    return names === "" ? [] : [said === "" ? names : `${names}: ${said}`];
  });
  let told = "";
  for (const part of [...head, ...exported]) {
    if (told !== "" && told.length + part.length > MAX_TOLD) break;
    told += `${told === "" ? "" : " "}${part}`;
  }
  return cell(told);
}

const PLAIN = /^[\d_.* ()/+-]+$|^"[^"]{1,16}"$/;

/** A value that says something in a table: a number, a short text, or an object of these. */
function writtenValue(node: ts.Expression): string | undefined {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return writtenValue(node.expression);
  const text = node.getText().replaceAll(/\s+/g, " ");
  if (!ts.isObjectLiteralExpression(node)) return PLAIN.test(text) ? text : undefined;
  const members = node.properties.map((member) =>
    ts.isPropertyAssignment(member) && PLAIN.test(member.initializer.getText())
      ? `${member.name.getText()}: ${member.initializer.getText()}`
      : undefined,
  );
  return members.length <= 6 && members.every((member) => member !== undefined)
    ? `{ ${members.join(", ")} }`
    : undefined;
}

/** The constants of a file with their values: its limits, intervals and defaults. */
const valuesOf = (source: ts.SourceFile): string =>
  source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .flatMap(({ name, initializer }) => {
      const value = initializer && writtenValue(initializer);
      return /^[A-Z][A-Z0-9_]+$/.test(name.getText()) && value !== undefined
        ? [`\`${name.getText()} = ${value}\``]
        : [];
    })
    .join(", ");

function pageOf(folder: string, without: readonly string[]): string {
  const files = findFiles(join(ROOT, folder), isCode, WITHOUT_CODE)
    .map((path) => relative(ROOT, path))
    .filter((path) => !without.some((other) => path.startsWith(`${other}/`)))
    .sort();
  const others = without.map((other) => `[${other}/](${relative(folder, other)}/every-file.md)`);
  const rows = files.map((path) => {
    const source = sourceOf(path);
    return [relative(folder, path), purposeOf(source), valuesOf(source)];
  });
  return `# The files of ${folder}

What each file of code has, and the numbers that are written out in it. This page is made of the code. [Where to change what](${relative(folder, "schema/where.md")}) answers the questions that
it does not.${others.map((other) => ` ${other} has a page of its own.`).join("")}

${table(["file", "what it has", "numbers"], rows)}
`;
}

describe("the pages of all files", () => {
  test.each(Object.entries(FOLDERS))("say what each file of %s has, and its numbers", async (folder, without) => {
    await expect(pageOf(folder, without)).toMatchFileSnapshot(join(ROOT, folder, "every-file.md"));
  });

  test("leave out no folder with code", () => {
    const withCode = readdirSync(ROOT, { withFileTypes: true }).filter(
      (entry) =>
        entry.isDirectory() &&
        !/^(\.|node_modules$|dist$|test$)/.test(entry.name) &&
        findFiles(join(ROOT, entry.name), isCode, WITHOUT_CODE).length > 0,
    );
    expect(withCode.map(({ name }) => name).filter((name) => FOLDERS[name] === undefined)).toEqual([]);
    expect(
      Object.values(FOLDERS)
        .flat()
        .filter((folder) => FOLDERS[folder] === undefined),
    ).toEqual([]);
    expect(
      Object.keys(FOLDERS).every((folder) => FOLDERS[dirname(folder)] !== undefined || !folder.includes("/")),
    ).toBe(true);
  });
});
