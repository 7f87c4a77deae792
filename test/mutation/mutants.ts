import ts from "typescript";

/** One small change of a source file that a test should notice. */
export interface Mutant {
  /** Where the changed text begins and ends. */
  start: number;
  end: number;
  /** Counts from 1. */
  line: number;
  original: string;
  replacement: string;
}

/** The operator that replaces each operator. */
const OPERATORS: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "&&": "||",
  "||": "&&",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
};

/** The mutants of a TypeScript file, in the file's order: other literals, operators and conditions, emptied lists, and statements left out. */
export function findMutants(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const add = (node: ts.Node, ...replacements: string[]) => {
    const [start, end] = [node.getStart(tree), node.getEnd()];
    const original = source.slice(start, end);
    const line = tree.getLineAndCharacterOfPosition(start).line + 1;
    for (const replacement of replacements) found.push({ start, end, line, original, replacement });
  };
  const visit = (node: ts.Node): void => {
    if (isOnlyType(node)) return;
    mutate(node, add);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(tree, visit);
  return found;
}

/** The text of the file with one mutant in it. */
export const mutated = (source: string, { start, end, replacement }: Mutant): string =>
  source.slice(0, start) + replacement + source.slice(end);

/** Whether a node does not exist when the program runs, or is an import or export, without which no test could load. */
const isOnlyType = (node: ts.Node) =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node);

function mutate(node: ts.Node, add: (node: ts.Node, ...replacements: string[]) => void): void {
  if (ts.isNumericLiteral(node)) add(node, String(Number(node.text) + 1));
  else if (ts.isStringLiteral(node) && !isName(node)) add(node, node.text === "" ? '"mutated"' : '""');
  else if (ts.isNoSubstitutionTemplateLiteral(node) && !ts.isTaggedTemplateExpression(node.parent)) add(node, '""');
  else if (ts.isTemplateExpression(node) && !ts.isTaggedTemplateExpression(node.parent)) add(node, '""');
  else if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, "false");
  else if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, "true");
  else if (ts.isBinaryExpression(node)) {
    const other = OPERATORS[node.operatorToken.getText()];
    if (other !== undefined) add(node.operatorToken, other);
  } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    add(node, node.operand.getText());
  else if (ts.isIfStatement(node)) add(node.expression, "true", "false");
  else if (ts.isConditionalExpression(node)) add(node.condition, "true", "false");
  else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0) add(node, "[]");
  else if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) add(node, ";");
}

/** Whether a text names a property. Another name would be another shape, which the compiler refuses. */
const isName = (node: ts.StringLiteral) => ts.isPropertyAssignment(node.parent) && node.parent.name === node;
