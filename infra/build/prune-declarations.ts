/**
 * A part of `npm run build`: removes the declarations from dist/ that no `types` of package.json's exports reaches. What is private in a
 * class, or within a command, is no type of the package's users.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

interface Manifest {
  exports: Readonly<Record<string, string | { types?: string }>>;
}

/** The declaration files that those given reach, themselves included, as absolute paths. */
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

/** The declaration files that a `types` of package.json's exports reaches, as absolute paths. */
export function reachedDeclarations(root: string): Set<string> {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === "object" && entry.types !== undefined ? [join(root, entry.types)] : [],
  );
  return reached(entries);
}

/** Removes what nobody reaches. */
export function pruneDeclarations(root: string): void {
  const kept = reachedDeclarations(root);
  const dist = join(root, "dist");
  const all = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"));
  const removed = all.map((file) => join(dist, file)).filter((file) => !kept.has(file));
  for (const file of removed) rmSync(file);
}
