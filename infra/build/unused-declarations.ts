import ts from "typescript";

/** A declaration file's text without unused imports, and without types that are neither exported nor used. */
export function withoutUnused(text: string): string {
  const file = ts.createSourceFile("declarations.d.ts", text, ts.ScriptTarget.ES2024, true);
  const named = namesIn(file);
  const left = file.statements.map((statement) => usedPart(statement, (name) => (named.get(name) ?? 0) > 1)).join("");
  return left === text ? `${text.trim()}\n` : withoutUnused(left);
}

/** How often each name occurs, including its declaration. Names of properties do not count. */
function namesIn(file: ts.SourceFile): Map<string, number> {
  const named = new Map<string, number>();
  const count = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !ts.isPropertySignature(node.parent)) {
      named.set(node.text, (named.get(node.text) ?? 0) + 1);
    }
    ts.forEachChild(node, count);
  };
  count(file);
  return named;
}

function usedPart(statement: ts.Statement, isUsed: (name: string) => boolean): string {
  const text = statement.getFullText();
  if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) {
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    return isExported || isUsed(statement.name.text) ? text : "";
  }
  const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
  if (bindings === undefined) return text;
  if (ts.isNamespaceImport(bindings)) return isUsed(bindings.name.text) ? text : "";
  const used = bindings.elements.filter(({ name }) => isUsed(name.text)).map((element) => element.getText());
  if (used.length === bindings.elements.length) return text;
  const start = bindings.getStart() - statement.getFullStart();
  return used.length === 0
    ? ""
    : `${text.slice(0, start)}{ ${used.join(", ")} }${text.slice(start + bindings.getWidth())}`;
}
