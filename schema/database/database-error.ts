/** The database refused a statement, or could not be reached. */
export class DatabaseError extends Error {
  /** The SQLSTATE, if Postgres answered. */
  readonly code: string | undefined;
  /** True if the same call may succeed later. */
  readonly transient: boolean;
  /** True if it is certain that nothing was written. */
  readonly refused: boolean;
  /** True if the error stays until a person corrects the deployment; the message says how. */
  readonly misconfigured: boolean;

  constructor(
    message: string,
    details: { code?: string | undefined; transient: boolean; refused: boolean; misconfigured?: boolean },
  ) {
    super(message);
    this.name = "DatabaseError";
    this.code = details.code;
    this.transient = details.transient;
    this.refused = details.refused;
    this.misconfigured = details.misconfigured ?? false;
  }
}
