import { NeonDbError } from "@neondatabase/serverless";
import { type DatabasePlace, isNeonHost } from "./connection-string.ts";
import { DatabaseError } from "./database-error.ts";
import { adviceFor, ageAdvice, proxyRefusal } from "./permanent-faults.ts";
import { ForeignTimestamp } from "./timestamp-text.ts";

/** SQLSTATEs after which the same statement may succeed, and which guarantee that nothing was written this time. */
const TRANSIENT_REFUSALS = new Set([
  "25P03", // idle_in_transaction_session_timeout
  "25P04", // transaction_timeout
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "53300", // too_many_connections
  "55P03", // lock_not_available
  "57014", // query_canceled
  "57P03", // cannot_connect_now
]);

/** SQLSTATEs of a broken connection: the statement may have been committed. */
const BROKEN_CONNECTION = /^(08...|57P01|57P02|57P05|58...|XX000)$/;

/** The meaning of an error of the driver: whether the same call may succeed later, whether anything may have been written, and what to do. */
export function classify(error: unknown, place: DatabasePlace, ours: boolean): DatabaseError {
  const { url } = place;
  // The statement ran. It is repeated under our settings; if it already had those, a repeat is useless.
  if (error instanceof ForeignTimestamp) {
    return new DatabaseError(`database: a timestamp that cannot be read: ${error.message}`, {
      transient: !ours,
      refused: false,
    });
  }
  if (!(error instanceof NeonDbError)) {
    const name = error instanceof Error ? error.name : "";
    const message = name === "TimeoutError" ? "no answer in time" : withoutSecrets(String(error), url);
    return new DatabaseError(`database: ${message}`, { transient: true, refused: false });
  }
  const { status, text } = readAnswer(error);
  const told = withoutSecrets(error.sourceError?.name === "TimeoutError" ? "no answer in time" : text, url);
  // Neon's proxy sends the code "" when its own connection broke under the statement, and no code when it could not make one.
  const refusal = error.code ? undefined : proxyRefusal(text);
  const code = error.code || refusal?.code;
  const advice = refusal?.advice ?? (code === undefined ? undefined : adviceFor(code));
  if (advice !== undefined) return misconfigured(`${code === undefined ? "" : `${code} `}${told}`, advice, code);
  if (code === undefined) {
    if (NOT_AN_ENDPOINT.has(status)) return misconfigured(told, "does DATABASE_URL belong to a Neon database?");
    const transient = status === 0 || status >= 500 || status === 429;
    const refused = status >= 400 && status < 500;
    return new DatabaseError(`database: ${told}${elsewhere(place, error)}`, { transient, refused });
  }
  const refused = !BROKEN_CONNECTION.test(code);
  const transient = !refused || TRANSIENT_REFUSALS.has(code);
  return new DatabaseError(`database: ${code} ${told}`, { code, transient, refused });
}

/** Cut, so that a log line has room for the advice. */
function misconfigured(told: string, advice: string, code?: string): DatabaseError {
  const message = `database: ${told}`.slice(0, MAX_TOLD_BEFORE_ADVICE);
  return new DatabaseError(`${message}: ${advice}`, { code, transient: false, refused: true, misconfigured: true });
}

/**
 * The status and the text of an answer. If the answer is not Postgres' own, the driver passes all of it on (`Server error (HTTP status N): {JSON}`),
 * and this finds the message in it.
 */
function readAnswer({ message }: NeonDbError): { status: number; text: string } {
  const [, digits, body = ""] = /^Server error \(HTTP status (\d+)\): ([\s\S]*)$/.exec(message) ?? [];
  if (digits === undefined) return { status: 0, text: message };
  const said = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  return { status: Number(digits), text: said === undefined ? message : `HTTP ${digits} ${JSON.parse(said)}` };
}

/** A hint if the host did not answer: Neon's hosts have an endpoint, but other databases must name one. */
function elsewhere({ url, endpoint }: DatabasePlace, { sourceError }: NeonDbError): string {
  const nobody = sourceError !== undefined && sourceError.name !== "TimeoutError";
  if (endpoint !== undefined || !nobody || isNeonHost(new URL(url).hostname)) return "";
  return " (DATABASE_URL names no host of Neon's: if this stays, set DATABASE_ENDPOINT to where the database answers Neon's HTTP protocol)";
}

/** HTTP statuses of a host that has no `/sql` endpoint, or admits nobody. */
const NOT_AN_ENDPOINT: ReadonlySet<number> = new Set([401, 403, 404, 405]);

/** The most characters of Postgres' message that are kept before advice. */
const MAX_TOLD_BEFORE_ADVICE = 160;

/** Adds advice to an error, now that the newest migration of the database is known. */
export function withAge(fault: DatabaseError, newest: string | undefined): DatabaseError {
  const age = ageAdvice(newest);
  if (age === undefined) return fault;
  const { code } = fault;
  const told = fault.message.split(": ").slice(1, 2).join();
  return misconfigured(told, age, code);
}

/** Postgres and fetch may quote what they were given. This makes one line of bounded length, without the connection string and its parts. */
function withoutSecrets(message: string, url: string): string {
  const { password, hostname } = new URL(url);
  const secrets = [url, decodeURIComponent(password), password, hostname].filter((secret) => secret.length > 2);
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), message);
  return clean.replaceAll(/\s+/g, " ").slice(0, 300);
}
