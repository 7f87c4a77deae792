import type { Evidence } from "./evidence.ts";
import type { OperatorAct } from "./journal.ts";
import { type Violation, violation } from "./violation.ts";

/** Refusals that may happen: something has changed since the operator looked, or the end of a setting has passed before the call arrives. */
const EXPECTED = /^\[conflict\]|^\[invalid_arguments\] setting\.until/;

/**
 * Checks that each call of the operator was answered in the end, was refused only for an expected reason, and took effect once, however often it was
 * repeated.
 */
export function checkOperated({ acts }: Pick<Evidence, "acts">): Violation[] {
  const wrong = ({ method, destination, key, dispatchId }: OperatorAct, what: string) => [
    violation("operated", `${method} of ${destination} ${key ?? dispatchId ?? ""}: ${what}`),
  ];
  return acts.flatMap((act) => {
    if (act.answeredAt === undefined) return wrong(act, `was not answered by ${act.calls} calls`);
    if (act.refused !== undefined && !EXPECTED.test(act.refused)) return wrong(act, act.refused);
    return new Set(act.made).size > 1 ? wrong(act, `made [${act.made}]`) : [];
  });
}
