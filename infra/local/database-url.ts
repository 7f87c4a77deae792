import { WrongCall } from "../cli/exit.ts";

/**
 * The Postgres that `DATABASE_URL` puts in the place of the local stack's own; `undefined` if it is unset or empty.
 *
 * @throws {WrongCall} If it is no connection string.
 */
export function databaseUrlOf({ DATABASE_URL: text }: NodeJS.ProcessEnv): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return text;
  // Not quoted: it may hold a password.
  throw new WrongCall(
    "DATABASE_URL must be like postgres://user:password@host/database, or unset for a Postgres of its own.",
  );
}
