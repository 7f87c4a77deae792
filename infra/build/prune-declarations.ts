/**
 * `npm run build`, after the compiler: removes the declarations from dist/ that no `types` of package.json's exports reaches. What is private in a
 * class, or within a command, is no type of the package's users.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { packageRoot } from "../package-root.ts";

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

/** Removes what nobody reaches, and says how many files that were. */
export function pruneDeclarations(root: string): number {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const entries = Object.values(exports).flatMap((entry) =>
    typeof entry === "object" && entry.types !== undefined ? [join(root, entry.types)] : [],
  );
  const kept = reached(entries);
  const dist = join(root, "dist");
  const all = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"));
  const removed = all.map((file) => join(dist, file)).filter((file) => !kept.has(file));
  for (const file of removed) rmSync(file);
  return removed.length;
}

if (import.meta.main) pruneDeclarations(packageRoot());
