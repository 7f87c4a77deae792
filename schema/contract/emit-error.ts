import { codedMessage } from "../text/coded-message.ts";

/**
 * Why a call of `emit` was refused. `permanent`: the same call would be refused again. The message says what to do. The caller has to correct
 * permanent faults, whoever deploys the hub has to correct `misconfigured`, and after `unavailable` (the database) it helps to repeat the call.
 */
const EMIT_ERRORS = {
  invalid_payload: { permanent: true },
  /** The schema of its kind refuses an event, or its kind is not defined. */
  invalid_event: { permanent: true },
  invalid_options: { permanent: true },
  too_large: { permanent: true },
  /** Ends a chain of events that cause each other, for good. */
  loop: { permanent: true },
  misconfigured: { permanent: false },
  unavailable: { permanent: false },
} as const satisfies Readonly<Record<string, { permanent: boolean }>>;

/**
 * Why a call of `emit` was refused. The caller has to correct `invalid_payload`, `invalid_event`, `invalid_options` and `too_large`. Whoever deploys
 * the hub has to correct `misconfigured`; its message says how. `unavailable` is the database: repeat the call. `loop` ends a chain of events that
 * cause each other, for good.
 */
export type EmitErrorCode = keyof typeof EMIT_ERRORS;

/** The code of an error that `emit` threw, or `undefined` for any other error: only the message of an error crosses RPC. */
export function emitErrorCode(error: unknown): EmitErrorCode | undefined {
  const code = error instanceof Error ? codedMessage(error.message)?.code : undefined;
  return code !== undefined && Object.hasOwn(EMIT_ERRORS, code) ? (code as EmitErrorCode) : undefined;
}

/** True for a code after which the same call would be refused again. */
export const isPermanent = (code: EmitErrorCode): boolean => EMIT_ERRORS[code].permanent;

/** A refused `emit`. Only the message crosses RPC, so it starts with the code. */
export class EmitError extends Error {
  constructor(code: EmitErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "EmitError";
  }
}
