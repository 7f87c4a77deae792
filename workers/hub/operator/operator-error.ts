import type { DatabaseError } from "../../../schema/database/database-error.ts";

/** Why an operator's call is refused, by its code. */
export const OPERATOR_ERRORS = {
  invalid_arguments: "what the call gives is the caller's to mend",
  not_found: "there is no such dispatch, event, operation or destination",
  conflict: "its state does not allow it",
  misconfigured: "those who deploy the hub have to mend it: its configuration, or the database's",
  unavailable: "the database does not answer, and the call is worth repeating",
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

/** The refusal of a call that the database has refused, or did not answer. */
export function refusalOf(cause: DatabaseError): OperatorError {
  return new OperatorError(cause.misconfigured ? "misconfigured" : "unavailable", cause.message, { cause });
}
