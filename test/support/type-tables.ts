import ts from "typescript";
import { docstringOf } from "./docstrings.ts";
import { cell, table } from "./made-page.ts";

/** Tables of types, for the pages that tests generate. */

/** The code of a declaration or a type in one line, without comments. */
export const code = (node: ts.Node | undefined) =>
  (node?.getText() ?? "")
    .replaceAll(/\/\*\*.*?\*\//gs, "")
    .replaceAll(/\s+/g, " ")
    .trim();

/** The text of a docstring, with what may be thrown. */
export function told(node: ts.Node): string {
  const { text, tags } = docstringOf(node);
  return cell(
    [
      text,
      ...(tags.throws === undefined ? [] : [`Throws ${tags.throws.charAt(0).toLowerCase()}${tags.throws.slice(1)}`]),
    ].join(" "),
  );
}

/** A member: its name and type, and its docstring. */
export function rowOf(member: ts.TypeElement): string[] {
  if (ts.isMethodSignature(member)) {
    const parameters = member.parameters.map(code).join(", ");
    return [`${code(member.name)}(${parameters})`, cell(`\`${code(member.type)}\``), told(member)];
  }
  if (ts.isIndexSignatureDeclaration(member))
    return [code(member).split(":")[0]?.concat("]") ?? "", cell(`\`${code(member.type)}\``), told(member)];
  if (!ts.isPropertySignature(member)) throw new Error(`what is ${code(member)}?`);
  const name = `${code(member.name)}${member.questionToken === undefined ? "" : "?"}`;
  return [name, cell(`\`${code(member.type)}\``), told(member)];
}

/** A table of the members of an interface. */
export const membersOf = (declaration: ts.InterfaceDeclaration) =>
  table(["member", "type", "meaning"], declaration.members.map(rowOf));
