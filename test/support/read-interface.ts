import { readFileSync } from "node:fs";
import ts from "typescript";
import { ROOT } from "./wrangler-config.ts";

/** The members of an interface as it is written: name, type, and whether it may be left out. */
export function readInterface(file: string, name: string): { name: string; type: string; optional: boolean }[] {
  const source = ts.createSourceFile(file, readFileSync(`${ROOT}/${file}`, "utf8"), ts.ScriptTarget.Latest);
  const found = source.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  if (found === undefined || !ts.isInterfaceDeclaration(found)) throw new Error(`${file} has no interface ${name}`);
  if (found.heritageClauses !== undefined) throw new Error(`${file}: ${name} extends something: read that, too`);
  return found.members.filter(ts.isPropertySignature).map((member) => ({
    name: member.name.getText(source),
    type: member.type?.getText(source) ?? "",
    optional: member.questionToken !== undefined,
  }));
}
