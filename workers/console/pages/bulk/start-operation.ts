import type { ExpectedDispatches, Operation } from "../../../../schema/contract/operations.ts";
import type { ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import type { PostedForm } from "../../forms/posted-form.ts";

/** How long a page waits for bulk work before it shows its progress instead, in milliseconds. */
const MAX_WAIT_MS = 1_000;

/** The options of a bulk form: the id of its operation, and the number in its preview. */
export function bulkOptions(form: PostedForm): { operationId: string; expected?: ExpectedDispatches } {
  const [operationId, dispatches] = [form.get("operationId"), Number.parseInt(form.get("expected"), 10)];
  if (!(dispatches >= 0)) return { operationId };
  return { operationId, expected: { dispatches, exact: form.get("exact") === "yes" } };
}

/**
 * Starts bulk work, and goes to its page when it is done, or after {@link MAX_WAIT_MS}: by then, faulty calls have been refused. The page may open
 * before the operation exists, so its URL has the time of the start.
 */
export async function startOperation(
  c: ConsoleContext,
  form: PostedForm,
  work: PromiseLike<Operation | object>,
): Promise<Response | CallError> {
  const begun = attempt(work);
  // The work continues after the answer. The hub's next tick does the rest.
  c.executionCtx.waitUntil(begun);
  const first = await Promise.race([begun, new Promise<undefined>((resolve) => setTimeout(resolve, MAX_WAIT_MS))]);
  return first?.error ?? c.redirect(`/operations/${form.get("operationId")}?sent=${Date.now()}`, 303);
}
