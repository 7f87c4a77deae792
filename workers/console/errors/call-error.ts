import type { EmitErrorCode } from "../../../schema/contract/index.ts";
import type { OperatorErrorCode } from "../../hub/operator/operator-error.ts";

/** What went wrong, for people. */
export interface Problem {
  code: string;
  title: string;
  message: string;
  /** What may help. */
  hint?: string;
  /** Of the HTTP answer. */
  status: 400 | 404 | 409 | 500 | 502 | 503;
  /** The same again may succeed. */
  retry: boolean;
}

type Kind = Omit<Problem, "code" | "message">;

const KINDS: Readonly<Record<string, Kind>> = {
  invalid_arguments: { title: "That was not understood", status: 400, retry: false },
  invalid_payload: { title: "That is no payload", status: 400, retry: false },
  invalid_options: { title: "That was not understood", status: 400, retry: false },
  too_large: { title: "That is too large", status: 400, retry: false },
  loop: { title: "Events cause each other in a circle", status: 400, retry: false },
  not_found: {
    title: "Not found",
    status: 404,
    retry: false,
    hint: "It may have been removed by retention, or the id may be of another environment.",
  },
  conflict: { title: "Not possible any more", status: 409, retry: false, hint: "Somebody may have been faster." },
  misconfigured: {
    title: "The hub is not set up as it must be",
    status: 500,
    retry: false,
    hint: "What is said here does not pass by itself. Of a route configuration, `npm run routes -- check` names every fault.",
  },
  unavailable: {
    title: "The database does not answer",
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
} satisfies Record<OperatorErrorCode | EmitErrorCode | "unreachable", Kind>;

/** What an error of the Operator's or of emit's says; anything without a code comes from the way there. */
export function problemOf(error: unknown): Problem {
  const text = error instanceof Error ? error.message : String(error);
  const [, code, message] = /^\[([a-z_]+)\] ([\s\S]*)$/.exec(text) ?? [];
  const kind = code === undefined ? undefined : KINDS[code];
  if (code !== undefined && kind !== undefined) return { ...kind, code, message: message ?? "" };
  return {
    title: "The hub does not answer",
    status: 502,
    retry: true,
    ...KINDS.unreachable,
    code: "unreachable",
    message: text.slice(0, 500),
  };
}

/** A value, or what went wrong instead. */
export type Attempt<T> = { value: T; problem?: undefined } | { value?: undefined; problem: Problem };

/** Waits for an answer without throwing, so that the rest of a page can be shown. */
export async function attempt<T>(answer: PromiseLike<T>): Promise<Attempt<T>> {
  try {
    return { value: await answer };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}
