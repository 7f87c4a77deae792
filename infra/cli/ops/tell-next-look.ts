import { readNextLook } from "../../../schema/queries/setup/read-next-look.ts";
import type { MethodContext } from "../../../workers/hub/operator/context.ts";

/** Says on standard error when the executor will look at what was just done here: a terminal has no queue, and cannot arm the hub's alarm. */
export async function tellNextLook({ database }: MethodContext): Promise<void> {
  // The action is done, and must not seem to have failed.
  const [row] = await database.run(readNextLook()).catch(() => []);
  if (row === undefined) return;
  const { soon, next_at: next } = row;
  const known = next !== null && next.getTime() > Date.now() ? `, at ${next.toISOString()}` : "";
  console.error(
    soon
      ? `note: the executor takes this up with its next look${known}`
      : `note: the hub sleeps; the executor looks at this with the next event, an action in the console, or its next look${known}`,
  );
}
