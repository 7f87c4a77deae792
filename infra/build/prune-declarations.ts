/**
 * A part of `npm run build`: removes the declarations from dist/ that no `types` in package.json's exports reaches. Private parts of a class or a
 * command are not types for the package's users.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

interface Manifest {
  exports: Readonly<Record<string, string | { types?: string }>>;
}

/** The declaration files that the given ones reach, including those, as absolute paths. */
function reached(entries: readonly string[]): Set<string> {
  const found = new Set(entries);
  for (const file of found) {
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      if (fileName.startsWith(".")) found.add(declarationOf(resolve(file, "..", fileName)));
    }
  }
  return found;
}

const declarationOf = (module: string) => module.replace(/(\.d)?\.[jt]s$/, ".d.ts");

/** The declaration files that any `types` in package.json's exports reaches, as absolute paths. */
export function reachedDeclarations(root: string): Set<string> {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === "object" && entry.types !== undefined ? [join(root, entry.types)] : [],
  );
  return reached(entries);
}

/** Removes the declarations that nothing reaches. */
export function pruneDeclarations(root: string): void {
  const kept = reachedDeclarations(root);
  const dist = join(root, "dist");
  const all = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"));
  const removed = all.map((file) => join(dist, file)).filter((file) => !kept.has(file));
  for (const file of removed) rmSync(file);
}
