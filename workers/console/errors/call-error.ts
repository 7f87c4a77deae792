import type { EmitErrorCode } from "../../../schema/contract/index.ts";
import { codedMessage } from "../../../schema/text/coded-message.ts";
import { firstDayText } from "../../../schema/vocabulary/first-day.ts";
import type { OperatorErrorCode } from "../../hub/operator/operator-error.ts";

/** The failure of a call to the hub, by its code. */
interface ErrorKind {
  title: string;
  /** The title of the page if the call was the purpose of the page. Without one, the page only says that something went wrong. */
  pageTitle?: string;
  /** Advice that may help. */
  hint?: string;
  /** The status of the HTTP answer. */
  status: 400 | 403 | 404 | 409 | 500 | 502 | 503;
  /** Whether the same call may succeed later. */
  retry: boolean;
}

/** An error of a call to the hub, for people. */
export interface CallError extends ErrorKind {
  code: string;
  message: string;
}

const KINDS = {
  invalid_arguments: {
    title: "That was not understood",
    pageTitle: "That request is not possible",
    status: 400,
    retry: false,
  },
  invalid_payload: { title: "That is not a payload", status: 400, retry: false },
  invalid_event: { title: "It does not match the definition of its kind", status: 400, retry: false },
  invalid_options: { title: "That was not understood", status: 400, retry: false },
  too_large: { title: "That is too large", status: 400, retry: false },
  loop: { title: "Events cause each other in a circle", status: 400, retry: false },
  not_found: {
    title: "Not found",
    pageTitle: "Not found",
    status: 404,
    retry: false,
    hint: "Retention may have removed it, or the id may belong to another environment.",
  },
  conflict: {
    title: "No longer possible",
    pageTitle: "Its state does not allow it",
    status: 409,
    retry: false,
    hint: "Somebody may have been faster.",
  },
  forbidden: {
    title: "You may look, but not act",
    pageTitle: "You may look, but not act",
    status: 403,
    retry: false,
    hint: "The console's variable ACCESS_OPERATORS names who may act.",
  },
  misconfigured: {
    title: "The hub is not set up correctly",
    pageTitle: "The hub is not configured",
    status: 500,
    retry: false,
    hint: "This does not go away by itself. For a route configuration, `npx cf-eventhub-workflows routes check` lists every fault.",
  },
  unavailable: {
    title: "The database does not answer",
    pageTitle: "The database does not answer",
    status: 503,
    retry: true,
    hint: "Emitted events are safe: deliveries continue when it is back.",
  },
  unreachable: {
    title: "The hub does not answer",
    status: 502,
    retry: true,
    hint: "Is its Worker deployed, and bound to the console as OPERATOR?",
  },
} as const satisfies Record<OperatorErrorCode | EmitErrorCode | "unreachable", ErrorKind>;

/** The description of a code; `undefined` if it is not one of the hub's. */
const kindOf = (code: string | undefined): ErrorKind | undefined =>
  code !== undefined && Object.hasOwn(KINDS, code) ? KINDS[code as keyof typeof KINDS] : undefined;

/** The error in an answer of `Operator` or `emit`. An error without a code comes from the connection to the hub. */
export function callErrorOf(error: unknown): CallError {
  const text = error instanceof Error ? error.message : String(error);
  const { code, message } = codedMessage(text) ?? { code: "", message: "" };
  const kind = kindOf(code);
  if (kind !== undefined) return { ...kind, code, message };
  const unfit = bindingFault(text);
  if (unfit !== undefined) return { ...KINDS.misconfigured, code: "misconfigured", message: unfit };
  return { ...KINDS.unreachable, code: "unreachable", message: text.slice(0, 500) };
}

/** The fault if a binding leads to something else, with advice on what to bind. */
function bindingFault(text: string): string | undefined {
  const missing = /does not implement the method "(\w+)"/.exec(text)?.[1];
  if (missing === undefined) return undefined;
  return firstDayText(missing === "emit" ? "console_not_at_hub" : "console_not_at_operator");
}

/** A value, or the error of the call. */
export type Attempt<T> = { value: T; error?: undefined } | { value?: undefined; error: CallError };

/** Waits for an answer without throwing, so that the rest of a page can be shown. */
export async function attempt<T>(answer: PromiseLike<T>): Promise<Attempt<T>> {
  try {
    return { value: await answer };
  } catch (error) {
    return { error: callErrorOf(error) };
  }
}
