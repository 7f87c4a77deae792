import type { DatabaseError } from "../../../schema/database/database-error.ts";

/** Why an operator's call is refused, by its code. */
export const OPERATOR_ERRORS = {
  invalid_arguments: "the arguments of the call are at fault",
  not_found: "there is no such dispatch, event, operation or destination",
  conflict: "its state does not allow it",
  forbidden: "the caller may read, but not act",
  misconfigured: "the deployment is at fault: the hub's configuration, or the database's",
  unavailable: "the database does not answer now; repeating the call may help",
} as const;

/** The code of a refusal: a key of {@link OPERATOR_ERRORS}. */
export type OperatorErrorCode = keyof typeof OPERATOR_ERRORS;

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

/** The refusal of a call that the database refused or did not answer. */
export function refusalOf(cause: DatabaseError): OperatorError {
  return new OperatorError(cause.misconfigured ? "misconfigured" : "unavailable", cause.message, { cause });
}
