import type { ExpectedDispatches } from "../../../../schema/contract/operations.ts";
import type { ConsoleContext } from "../../env.ts";
import type { CallError } from "../../errors/call-error.ts";
import { count } from "../../format/amounts.ts";
import type { PostedForm } from "../../forms/posted-form.ts";

/** Whether a bulk action in production is so large that its number must be typed before it begins. An incomplete count always must. */
function needsTyping(c: ConsoleContext, { dispatches, exact }: ExpectedDispatches): boolean {
  const { confirmAbove } = c.var.environment;
  return confirmAbove !== undefined && (dispatches > confirmAbove || !exact);
}

/** The field for the number: who types it has read it. */
export const TypedNumber = ({ c, expected }: { c: ConsoleContext; expected: ExpectedDispatches }) =>
  needsTyping(c, expected) ? (
    <label class="field">
      <span>
        This is {c.var.environment.name ?? "production"}: type {String(expected.dispatches)} to confirm
      </span>
      <input type="text" inputmode="numeric" name="typed" autocomplete="off" required />
    </label>
  ) : undefined;

/** The fault of the typed number; `undefined` if it is right, or was not needed. A form without the number of its preview is not trusted. */
export function typedFault(c: ConsoleContext, form: PostedForm): CallError | undefined {
  const { confirmAbove } = c.var.environment;
  if (confirmAbove === undefined) return undefined;
  const expected = form.get("expected");
  const known = /^\d+$/.test(expected);
  if (known && !needsTyping(c, { dispatches: Number(expected), exact: form.get("exact") === "yes" })) return undefined;
  if (known && form.get("typed").replaceAll(/[,.\s]/g, "") === expected) return undefined;
  return {
    code: "invalid_arguments",
    title: "Nothing was done",
    message: `Type the number of dispatches to confirm${known ? `: ${count(Number(expected))}` : ""}.`,
    status: 400,
    retry: false,
  };
}
