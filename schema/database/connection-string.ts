import { firstDayText } from "../vocabulary/first-day.ts";

/** The location of a database. */
export interface DatabasePlace {
  /**
   * `postgresql://user:password@host/database`. Never logged, and never part of an error. If a deployment forgot it, it is undefined, despite its
   * type.
   */
  url: string;
  /** The URL of the `/sql` endpoint if it is not at the host of `url`, as in the local stack. */
  endpoint?: string | undefined;
}

/**
 * What is wrong with the location of a database, and what to do; `undefined` if the database can be called. Never quotes a part of the URL, which has
 * a password.
 */
export function placeFault({ url, endpoint }: Partial<DatabasePlace>): string | undefined {
  const fault = connectionStringFault(url);
  if (fault !== undefined) return fault;
  if (endpoint !== undefined && !/^https?:\/\/[^/]/.test(endpoint)) return firstDayText("not_an_endpoint");
  if (endpoint === undefined && isPrivateHost(new URL(url ?? "").hostname)) return firstDayText("local_database");
  return undefined;
}

/** What is wrong with a `DATABASE_URL`, wherever it leads, and what to do. */
export function connectionStringFault(url: string | undefined): string | undefined {
  if (url === undefined || url.trim() === "") return firstDayText("no_database_url");
  return isConnectionString(url) ? undefined : firstDayText("not_a_database_url", whatElse(url));
}

/** True if the text is accepted as a URL: `postgresql://user:password@host/database`. */
export function isConnectionString(url: string): boolean {
  return URL.canParse(url) && /^postgres(ql)?:\/\/[^@/]+@[^@/]+\/./.test(url) && isEncoded(url);
}

/** False for a `%` that encodes nothing: the password was not encoded, so nobody can tell what it is. */
function isEncoded(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Schemes that people use by mistake. Any other text could be the beginning of a password. */
const OTHER_SCHEME =
  /^(https?|mysql|mariadb|sqlserver|mongodb|mongodb\+srv|rediss?|libsql|file|prisma|prisma\+postgres|jdbc):/;

/** What the text is instead, if that can be said without revealing a secret. */
function whatElse(url: string): string | undefined {
  const scheme = OTHER_SCHEME.exec(url)?.[1];
  if (scheme !== undefined) return `it begins with ${scheme}:`;
  if (/^["'].*["']$/.test(url)) return "it is in quotation marks";
  if (!/^postgres(ql)?:\/\//.test(url)) return undefined;
  if (!isEncoded(url)) return "a % in its password is written %25";
  if (!/^postgres(ql)?:\/\/[^@/]+@/.test(url)) return "it contains no user";
  return /^postgres(ql)?:\/\/[^@/]+@[^@/]+\/?$/.test(url)
    ? "it contains no database"
    : "an @ or / in its password is written %40 or %2F";
}

/** Names that only this machine or its network knows. Addresses count, too: Neon's hosts have names. */
const isPrivateHost = (host: string): boolean =>
  !host.includes(".") || /^[\d.]+$/.test(host) || /\.(localhost|local|internal|lan|test|home\.arpa)$/i.test(host);

/** Whether it is a host of Neon, and so has its own `/sql` endpoint. */
export const isNeonHost = (host: string): boolean => /\.neon\.(tech|build)$/i.test(host);
