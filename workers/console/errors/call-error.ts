import type { EmitErrorCode } from "../../../schema/contract/index.ts";
import { codedMessage } from "../../../schema/text/coded-message.ts";
import { firstDayText } from "../../../schema/vocabulary/first-day.ts";
import type { OperatorErrorCode } from "../../hub/operator/operator-error.ts";

/** What a call to the hub has failed with, by its code. */
interface ErrorKind {
  title: string;
  /** The title of the page, where the call was what the page is for; without one, that page only says that something went wrong. */
  pageTitle?: string;
  /** What may help. */
  hint?: string;
  /** Of the HTTP answer. */
  status: 400 | 404 | 409 | 500 | 502 | 503;
  /** The same again may succeed. */
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
    pageTitle: "That cannot be asked",
    status: 400,
    retry: false,
  },
  invalid_payload: { title: "That is no payload", status: 400, retry: false },
  invalid_event: { title: "It is not as its kind of event is defined", status: 400, retry: false },
  invalid_options: { title: "That was not understood", status: 400, retry: false },
  too_large: { title: "That is too large", status: 400, retry: false },
  loop: { title: "Events cause each other in a circle", status: 400, retry: false },
  not_found: {
    title: "Not found",
    pageTitle: "Not found",
    status: 404,
    retry: false,
    hint: "It may have been removed by retention, or the id may be of another environment.",
  },
  conflict: {
    title: "Not possible any more",
    pageTitle: "Its state does not allow it",
    status: 409,
    retry: false,
    hint: "Somebody may have been faster.",
  },
  misconfigured: {
    title: "The hub is not set up as it must be",
    pageTitle: "The hub is not configured",
    status: 500,
    retry: false,
    hint: "What is said here does not pass by itself. Of a route configuration, `npx cf-eventhub-workflows routes check` names every fault.",
  },
  unavailable: {
    title: "The database does not answer",
    pageTitle: "The database does not answer",
    status: 503,
    retry: true,
    hint: "What was emitted is safe: deliveries go on when it is back.",
  },
  unreachable: {
    title: "The hub does not answer",
    status: 502,
    retry: true,
    hint: "Is its Worker deployed, and bound to the console as OPERATOR?",
  },
} as const satisfies Record<OperatorErrorCode | EmitErrorCode | "unreachable", ErrorKind>;

/** What is known of a code; `undefined` if it is none of the hub's. */
const kindOf = (code: string | undefined): ErrorKind | undefined =>
  code !== undefined && Object.hasOwn(KINDS, code) ? KINDS[code as keyof typeof KINDS] : undefined;

/** What an error of the Operator's or of emit's says; anything without a code comes from the way there. */
export function callErrorOf(error: unknown): CallError {
  const text = error instanceof Error ? error.message : String(error);
  const { code, message } = codedMessage(text) ?? { code: "", message: "" };
  const kind = kindOf(code);
  if (kind !== undefined) return { ...kind, code, message };
  const unfit = bindingFault(text);
  if (unfit !== undefined) return { ...KINDS.misconfigured, code: "misconfigured", message: unfit };
  return { ...KINDS.unreachable, code: "unreachable", message: text.slice(0, 500) };
}

/** What the runtime says of a binding that leads to something else, told as what to bind. */
function bindingFault(text: string): string | undefined {
  const missing = /does not implement the method "(\w+)"/.exec(text)?.[1];
  if (missing === undefined) return undefined;
  return firstDayText(missing === "emit" ? "console_not_at_hub" : "console_not_at_operator");
}

/** A value, or the error of the call instead. */
export type Attempt<T> = { value: T; error?: undefined } | { value?: undefined; error: CallError };

/** Waits for an answer without throwing, so that the rest of a page can be shown. */
export async function attempt<T>(answer: PromiseLike<T>): Promise<Attempt<T>> {
  try {
    return { value: await answer };
  } catch (error) {
    return { error: callErrorOf(error) };
  }
}
