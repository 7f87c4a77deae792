import { join, relative } from "node:path";
import ts from "typescript";
import { ROOT } from "./wrangler-config.ts";

/** The operators' methods and types, as the compiler reads them: for the pages that tests generate. */

const METHODS_FILE = join(ROOT, "workers/hub/operator/methods.ts");
const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  types: [],
  lib: ["lib.es2023.d.ts"],
};
const host = ts.createCompilerHost(options);
// Our own files are enough, and packages are large.
host.resolveModuleNameLiterals = (literals, from) =>
  literals.map(({ text }) =>
    text.startsWith(".") ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined },
  );
const program = ts.createProgram([METHODS_FILE], options, host);
const checker = program.getTypeChecker();

/** The declaration that a name means, if it is one of ours. */
function meantBy(name: ts.Node): ts.Declaration | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  if (symbol === undefined) return undefined;
  const meant = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  return meant.declarations?.find((one) => !program.isSourceFileDefaultLibrary(one.getSourceFile()));
}

function declarationIn(path: string, name: string): ts.Declaration {
  const source = program.getSourceFile(join(ROOT, path));
  const module = source && checker.getSymbolAtLocation(source);
  const [declaration] =
    (module && checker.getExportsOfModule(module).find((one) => one.name === name)?.declarations) ?? [];
  if (declaration === undefined) throw new Error(`${path} exports no ${name}`);
  return declaration;
}

/** The methods but the local stack's, in the order of their interface. */
export const METHOD_SIGNATURES: readonly ts.MethodSignature[] = (
  declarationIn("workers/hub/operator/operator-methods.ts", "OperatorMethods") as ts.InterfaceDeclaration
).members.filter((one) => ts.isMethodSignature(one) && one.name.getText() !== "tick") as ts.MethodSignature[];

/** A type that the methods take or answer. */
export type NamedType = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

const isNamedType = (node: ts.Node | undefined): node is NamedType =>
  node !== undefined && (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node));

/** The named types of a node, without those that it only has through others. */
export function typesIn(node: ts.Node): NamedType[] {
  const found: NamedType[] = [];
  const visit = (part: ts.Node): void => {
    const name = ts.isTypeReferenceNode(part)
      ? part.typeName
      : ts.isExpressionWithTypeArguments(part)
        ? part.expression
        : undefined;
    const meant = name === undefined ? undefined : meantBy(name);
    if (isNamedType(meant)) found.push(meant);
    ts.forEachChild(part, visit);
  };
  visit(node);
  return found;
}

/** The words of a type that is nothing but strings; `undefined` for another one. */
export function wordsOf(type: NamedType): string[] | undefined {
  const meant = checker.getTypeAtLocation(type.name);
  const parts = meant.isUnion() ? meant.types : [meant];
  // The compiler's own order depends on what it reads first.
  return parts.every((part) => part.isStringLiteral()) ? parts.map((part) => String(part.value)).sort() : undefined;
}

/** Every type that the methods take and answer, with those in it, by name. What `known` names is not looked into. */
export function allTypes(known: readonly string[]): ReadonlyMap<string, NamedType> {
  const types = new Map<string, NamedType>();
  const add = (node: ts.Node): void => {
    for (const type of typesIn(node)) {
      const name = type.name.text;
      if (types.has(name) || known.includes(name)) continue;
      types.set(name, type);
      if (wordsOf(type) === undefined) add(type);
    }
  };
  METHOD_SIGNATURES.forEach(add);
  return types;
}

/** The codes of the refusals that a method throws itself: what its implementation calls is followed, as far as it is ours. */
export function refusalsOf(method: string): ReadonlySet<string> {
  const table = declarationIn("workers/hub/operator/methods.ts", "METHODS") as ts.VariableDeclaration;
  const entry = (table.initializer as ts.ObjectLiteralExpression).properties.find(
    (one) => one.name?.getText() === method,
  );
  const codes = new Set<string>();
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isNewExpression(node) && node.expression.getText() === "OperatorError") {
      const given = checker.getTypeAtLocation(node.arguments?.[0] ?? node);
      for (const part of given.isUnion() ? given.types : [given]) if (part.isStringLiteral()) codes.add(part.value);
    } else if (ts.isIdentifier(node)) {
      const meant = meantBy(node);
      const follows =
        meant !== undefined &&
        (ts.isFunctionDeclaration(meant) || ts.isVariableDeclaration(meant) || ts.isMethodDeclaration(meant));
      if (follows && !seen.has(meant) && relative(ROOT, meant.getSourceFile().fileName).startsWith("workers/hub")) {
        seen.add(meant);
        visit(meant);
      }
    }
    ts.forEachChild(node, visit);
  };
  if (entry !== undefined) visit(entry);
  return codes;
}
