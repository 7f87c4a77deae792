import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../user-error.ts";
import type { Change } from "./plan.ts";

/**
 * Writes the files, each completely or not at all, and calls `written` for each.
 *
 * @throws {UserError} It says what failed, what was written and what was not. Running again completes it.
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
    // Somebody may have changed it between the preview and the answer.
    if (readIfThere(path) !== before) throw new Error("it was changed in the meantime");
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
    `Not written: ${names(changes.slice(index))}. Correct what stopped it, and run the same command again: it continues from there.`
  );
}
