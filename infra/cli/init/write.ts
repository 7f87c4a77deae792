import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../user-error.ts";
import type { Change } from "./plan.ts";

/**
 * Writes the files, each whole or not at all. Told of each that is written.
 *
 * @throws {UserError} That says what stopped it, what is written and what is not. Running again completes it.
 */
export function writeChanges(root: string, changes: readonly Change[], written: (change: Change) => void): void {
  for (const [index, change] of changes.entries()) {
    try {
      writeOne(join(root, change.path), change);
    } catch (error) {
      throw new UserError(stoppedAt(changes, index, error), { cause: error });
    }
    written(change);
  }
}

function writeOne(path: string, { before, after }: Change): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.eventhub-init`;
  try {
    writeFileSync(draft, after);
    // Between the look and the yes a person may have changed it.
    if (readIfThere(path) !== before) throw new Error("it was changed meanwhile");
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function stoppedAt(changes: readonly Change[], index: number, error: unknown): string {
  const names = (some: readonly Change[]) => some.map(({ path }) => path).join(", ") || "nothing";
  const why = error instanceof Error ? error.message : String(error);
  return (
    `${changes[index]?.path} could not be written: ${why}. Written: ${names(changes.slice(0, index))}. ` +
    `Not written: ${names(changes.slice(index))}. Mend what stopped it, and run the same command again: it goes on from there.`
  );
}
