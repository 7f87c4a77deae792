/** A failure whose message says what to do, in one sentence. Nobody needs its stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}
