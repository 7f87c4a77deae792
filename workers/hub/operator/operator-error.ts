import type { DatabaseError } from "../../../schema/database/connection.ts";

/**
 * Why an operator's call was refused: `invalid_arguments` is the caller's to mend; `not_found`: there is no such dispatch, event or
 * destination; `conflict`: its state does not allow it; `misconfigured` is for those to mend who deploy
 * the hub: its configuration, or the database's; `unavailable` is the database, and worth repeating.
 */
export type OperatorErrorCode = "invalid_arguments" | "not_found" | "conflict" | "misconfigured" | "unavailable";

/** A refused call. Only the message crosses RPC, so it starts with the code. */
export class OperatorError extends Error {
  /** Also the beginning of the message. */
  readonly code: OperatorErrorCode;

  constructor(code: OperatorErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "OperatorError";
    this.code = code;
  }
}

/** The refusal of a call that the database has refused, or did not answer. */
export function refusalOf(cause: DatabaseError): OperatorError {
  return new OperatorError(cause.misconfigured ? "misconfigured" : "unavailable", cause.message, { cause });
}
