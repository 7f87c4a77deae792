import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { ROOT } from "./wrangler-config.ts";

/** The content of the comment before a declaration: its text, and that of each tag. */
export interface Docstring {
  text: string;
  tags: Readonly<Record<string, string>>;
}

/** A source file, by its path from the root. */
export const sourceOf = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(join(ROOT, path), "utf8"), ts.ScriptTarget.Latest, true);

/** The docstring of a declaration; links in it become code. */
export function docstringOf(node: ts.Node): Docstring {
  const raw = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.getText() ?? "";
  const lines = raw.replace(/^\/\*\*|\*\/$/g, "").replaceAll(/^\s*\* ?/gm, "");
  const plain = lines
    .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
    .replaceAll(/\s+/g, " ")
    .trim();
  const [text = "", ...tagged] = plain.split(/(?:^| )(?=@(?:see|throws|example|beyond)\b)/);
  const tags = tagged.map((tag) => [tag.slice(1, tag.indexOf(" ")), tag.slice(tag.indexOf(" ") + 1)]);
  return { text: text.trim(), tags: Object.fromEntries(tags) };
}

/** The comments of an exported object's members, by the names of the members. */
export function membersOf(path: string, object: string): Readonly<Record<string, Docstring>> {
  const found: Record<string, Docstring> = {};
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === object) {
      const value = node.initializer && unwrapped(node.initializer);
      if (value === undefined || !ts.isObjectLiteralExpression(value)) return;
      for (const member of value.properties) if (member.name) found[member.name.getText()] = docstringOf(member);
    } else ts.forEachChild(node, visit);
  };
  visit(sourceOf(path));
  return found;
}

/** An expression without `as const` and `satisfies`. */
const unwrapped = (node: ts.Expression): ts.Expression =>
  ts.isAsExpression(node) || ts.isSatisfiesExpression(node) ? unwrapped(node.expression) : node;

/** A constant that a file exports, with its heading: a comment of one line in that file, or in the one that exports this file's constants again. */
export interface Constant extends Docstring {
  name: string;
  heading: string;
}

/** The constants that a file exports, in order, including those of the files that it exports again as a whole. */
export function constantsOf(path: string, heading = ""): Constant[] {
  const source = sourceOf(path);
  return source.statements.flatMap((statement) => {
    const before = source.text.slice(statement.getFullStart(), statement.getStart());
    heading = /^\/\/ (.+)$/m.exec(before)?.[1] ?? heading;
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier))
      return constantsOf(join(dirname(path), statement.moduleSpecifier.text), heading);
    if (!ts.isVariableStatement(statement)) return [];
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    const docstring = docstringOf(statement);
    return statement.declarationList.declarations.map(({ name }) => ({ name: name.getText(), heading, ...docstring }));
  });
}
