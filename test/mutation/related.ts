import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** These tests try thousands of generated cases, or read the built files. It would take too long to find a mutant that only they notice. */
const SLOW = /(fuzz|property|whole|script-sizes|event-hub|drift)\.test\.ts$/;

/** The files of this repository that a file imports, by its path; read once. */
const imports = new Map<string, readonly string[]>();

function importsOf(file: string): readonly string[] {
  const known = imports.get(file);
  if (known !== undefined) return known;
  const specifiers = [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.tsx?)"/g)];
  const found = specifiers.map(([, path = ""]) => join(dirname(file), path)).filter((path) => existsSync(path));
  imports.set(file, found);
  return found;
}

/** The number of imports between two files; infinite if none leads from the first to the second. */
function distance(from: string, to: string): number {
  const seen = new Set([from]);
  let edge = [from];
  for (let steps = 0; edge.length > 0; steps++) {
    if (edge.includes(to)) return steps;
    edge = [...new Set(edge.flatMap(importsOf))].filter((file) => !seen.has(file));
    for (const file of edge) seen.add(file);
  }
  return Number.POSITIVE_INFINITY;
}

/** The unit tests that run a file's code, at most `most`. Those that import it most directly come first. */
export function relatedTests(file: string, most: number): string[] {
  return globSync("test/unit/**/*.test.ts")
    .filter((test) => !SLOW.test(test))
    .map((test) => ({ test, steps: distance(test, file) }))
    .filter(({ steps }) => Number.isFinite(steps))
    .sort((one, other) => one.steps - other.steps || (one.test < other.test ? -1 : 1))
    .slice(0, most)
    .map(({ test }) => test);
}
