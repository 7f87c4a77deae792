import type { Operation } from "../../../../schema/contract/operator.ts";
import type { ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import type { PostedForm } from "../../forms/posted-form.ts";

/** How long a page waits for bulk work before it shows the progress instead, in milliseconds. */
const MAX_WAIT_MS = 1_000;

/** Starts bulk work, and goes to its page, which is told when, since it may be there first: at once if it takes longer, when what was refused has been refused. */
export async function startOperation(
  c: ConsoleContext,
  form: PostedForm,
  work: PromiseLike<Operation | object>,
): Promise<Response | CallError> {
  const begun = attempt(work);
  // It goes on behind the answer; what is left then, the hub's cron does.
  c.executionCtx.waitUntil(begun);
  const first = await Promise.race([begun, new Promise<undefined>((resolve) => setTimeout(resolve, MAX_WAIT_MS))]);
  return (
    first?.error ??
    c.redirect(`/operations/${form.get("operationId")}?of=${Number(form.get("expected")) || 0}&sent=${Date.now()}`, 303)
  );
}
