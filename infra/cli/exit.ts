import { DatabaseError } from "../../schema/database/database-error.ts";
import { printable } from "../../schema/text/printable.ts";
import { OperatorError, type OperatorErrorCode, refusalOf } from "../../workers/hub/operator/operator-error.ts";

/** How every command ends. */
export const EXIT = {
  ok: 0,
  /** What was asked for went wrong: the database, a file with faults, a state that does not allow it. */
  failed: 1,
  /** The call is not understood, or lacks something: it is the caller's to mend. */
  wrongCall: 2,
  /** What was asked for is not there. */
  notFound: 3,
} as const;

/** What stands under the help of every command; it fits 80 columns. */
export const EXIT_HELP = `Exit codes: 0 done; 1 it went wrong, and stderr says why; 2 a wrong call;
            3 what it names is not there.`;

/** The call is not understood, or lacks something. */
export class WrongCall extends Error {}

/** An error of several lines that are ours, each made printable by itself: no text within one can begin another. */
export class ErrorOfLines extends Error {
  constructor(lines: readonly string[]) {
    super(lines.map(printable).join("\n"));
  }
}

const BY_CODE: Readonly<Record<OperatorErrorCode, number>> = {
  invalid_arguments: EXIT.wrongCall,
  not_found: EXIT.notFound,
  conflict: EXIT.failed,
  misconfigured: EXIT.failed,
  unavailable: EXIT.failed,
};

/** The exit code of what a command throws. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof WrongCall) return EXIT.wrongCall;
  return error instanceof OperatorError ? BY_CODE[error.code] : EXIT.failed;
}

/** Says on stderr what failed a command, harmless whoever wrote it, and sets the exit code. What the database refuses is told as over RPC. */
export function complain(thrown: unknown): void {
  const error = thrown instanceof DatabaseError ? refusalOf(thrown) : thrown;
  const text = error instanceof Error ? error.message : String(error);
  console.error(error instanceof ErrorOfLines ? text : printable(text));
  process.exitCode = exitCodeOf(error);
}
