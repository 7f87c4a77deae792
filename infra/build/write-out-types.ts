/**
 * `npm run build`, after the compiler: replaces types that are inferred from valibot's schemas with their written-out form in the declarations. So
 * compilers and editors need not read valibot's declarations, which takes longer than all of this package's.
 */
import { writeFileSync } from "node:fs";
import ts from "typescript";
import { packageRoot } from "../package-root.ts";
import { pruneDeclarations, reachedDeclarations } from "./prune-declarations.ts";
import { withoutUnused } from "./unused-declarations.ts";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
  strict: true,
  // Distinguishes members that may be undefined from those that may be left out.
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

const LAYOUT =
  ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.InTypeAlias | ts.NodeBuilderFlags.MultilineObjectLiterals;

/** The declarations that lead to valibot, and the written-out form of the types among them. */
class Schemas {
  readonly #checker: ts.TypeChecker;
  readonly #written = new Map<ts.TypeAliasDeclaration, string | undefined>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** True if a piece of a declaration names valibot's types, or types that are made from them and cannot be written out. */
  areIn(node: ts.Node): boolean {
    if (ts.isIdentifier(node) && !isOwnName(node) && this.#leadsThere(node)) return true;
    return ts.forEachChild(node, (child) => this.areIn(child) || undefined) ?? false;
  }

  #leadsThere(name: ts.Identifier): boolean {
    const found = this.#checker.getSymbolAtLocation(name);
    if (found === undefined) return false;
    const symbol = found.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(found) : found;
    return (symbol.declarations ?? []).some((declaration) => {
      const { fileName } = declaration.getSourceFile();
      if (fileName.includes("/node_modules/")) return fileName.includes("/node_modules/valibot/");
      // A schema and its type have the same name.
      if (ts.isVariableDeclaration(declaration)) return isQueried(name) && this.areIn(declaration);
      return ts.isTypeAliasDeclaration(declaration) && this.written(declaration) === undefined;
    });
  }

  /** A type without those of valibot; `undefined` if it is made from them. */
  written(declaration: ts.TypeAliasDeclaration): string | undefined {
    if (!this.#written.has(declaration)) this.#written.set(declaration, this.#write(declaration));
    return this.#written.get(declaration);
  }

  #write(declaration: ts.TypeAliasDeclaration): string | undefined {
    const type = this.#checker.getTypeAtLocation(declaration.name);
    const node = this.#checker.typeToTypeNode(type, declaration, LAYOUT);
    if (node === undefined) return undefined;
    const text = ts.createPrinter().printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile());
    return /"valibot"|\bv\./.test(text) ? undefined : text;
  }
}

/** True for the name of a declaration or a property itself. */
const isOwnName = ({ parent }: ts.Identifier) => ts.isTypeAliasDeclaration(parent) || ts.isPropertySignature(parent);

/** True in `typeof name`. */
const isQueried = ({ parent }: ts.Identifier): boolean => ts.isTypeQueryNode(parent);

/** A declaration file's text with its types written out, and without the schemas. */
function writtenOut(file: ts.SourceFile, schemas: Schemas): string {
  const comments = new Map<string, string>();
  const pieces = file.statements.map((statement) => {
    const text = statement.getFullText(file);
    if (ts.isVariableStatement(statement) && schemas.areIn(statement)) {
      const [declared] = statement.declarationList.declarations;
      comments.set(declared?.name.getText(file) ?? "", text.slice(0, statement.getLeadingTriviaWidth(file)));
      return "";
    }
    if (!ts.isTypeAliasDeclaration(statement) || !schemas.areIn(statement.type)) return text;
    const head = text.slice(0, statement.type.getStart(file) - statement.getFullStart());
    // The comment on a schema also describes its type.
    const comment = head.includes("/**") ? "" : (comments.get(statement.name.text) ?? "");
    const written = schemas.written(statement);
    return written === undefined ? "" : `${comment}${comment === "" ? head : head.trimStart()}${written};`;
  });
  return withoutUnused(pieces.join(""));
}

/** Rewrites the declarations of `dist` that users' compilers read. */
function writeOutTypes(root: string): void {
  const files = [...reachedDeclarations(root)];
  const program = ts.createProgram(files, OPTIONS);
  const schemas = new Schemas(program.getTypeChecker());
  for (const name of files) {
    const file = program.getSourceFile(name);
    if (file !== undefined && schemas.areIn(file)) writeFileSync(name, writtenOut(file, schemas));
  }
}

const root = packageRoot();
writeOutTypes(root);
// Removes what only the schemas led to.
pruneDeclarations(root);
