import { DatabaseError } from "../../schema/database/database-error.ts";
import { printable } from "../../schema/text/printable.ts";
import { OperatorError, type OperatorErrorCode, refusalOf } from "../../workers/hub/operator/operator-error.ts";

/** The exit codes of all commands. */
export const EXIT = {
  /** Success; a list found something. */
  ok: 0,
  /** Something went wrong, and stderr says why; also a file with faults, a state that does not allow the action, and an action that you declined. */
  failed: 1,
  /** A wrong call; also if `DATABASE_URL` is missing, or if the filter of an action has an unknown destination or route. */
  wrongCall: 2,
  /** What the call names does not exist, or a list found nothing. */
  notFound: 3,
  /** A search stopped at `--max-scan`, or at Ctrl-C: there may be more. */
  unfinished: 4,
} as const;

/** Part of the help of every command; it fits 80 columns. */
export const EXIT_HELP = `Exit codes: 0 done, found; 1 it went wrong, and stderr says why; 2 a wrong
            call; 3 not there, nothing found; 4 the search did not finish.`;

/** The call is invalid or incomplete. */
export class WrongCall extends Error {}

/** An error with several lines of ours. Each is made printable by itself, so that no text in one can begin another. */
export class ErrorOfLines extends Error {
  constructor(lines: readonly string[]) {
    super(lines.map(printable).join("\n"));
  }
}

const BY_CODE: Readonly<Record<OperatorErrorCode, number>> = {
  invalid_arguments: EXIT.wrongCall,
  not_found: EXIT.notFound,
  conflict: EXIT.failed,
  forbidden: EXIT.failed,
  misconfigured: EXIT.failed,
  unavailable: EXIT.failed,
};

/** The exit code for an error of a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof WrongCall) return EXIT.wrongCall;
  return error instanceof OperatorError ? BY_CODE[error.code] : EXIT.failed;
}

/**
 * Prints why a command failed on stderr, harmless whoever wrote the text, and sets the exit code. Refusals of the database have the same text as over
 * RPC.
 */
export function complain(thrown: unknown): void {
  const error = thrown instanceof DatabaseError ? refusalOf(thrown) : thrown;
  const text = error instanceof Error ? error.message : String(error);
  console.error(error instanceof ErrorOfLines ? text : printable(text));
  process.exitCode = exitCodeOf(error);
}
