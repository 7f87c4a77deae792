/** A failure that is told in one sentence, which says what to do: nobody needs a stack trace of it. */
export class UserError extends Error {
  override readonly name = "UserError";
}
