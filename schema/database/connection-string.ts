import { firstDayText } from "../vocabulary/first-day.ts";

/** Where a database is. */
export interface DatabasePlace {
  /** `postgresql://user:password@host/database`. Never logged, never in an error. Forgotten in a deployment, it is undefined, whatever its type. */
  url: string;
  /** Where the `/sql` endpoint is, when not at the host of `url`: the local stack's. */
  endpoint?: string | undefined;
}

/** What is wrong with where a database is said to be, and what to do; `undefined` if it can be asked. Never a part of the URL: it holds a password. */
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

/** True for what is taken as a URL: `postgresql://user:password@host/database`. */
export function isConnectionString(url: string): boolean {
  return URL.canParse(url) && /^postgres(ql)?:\/\/[^@/]+@[^@/]+\/./.test(url) && isEncoded(url);
}

/** False for a `%` that stands for nothing: a password that was not encoded, of which nobody knows what it is. */
function isEncoded(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Schemes that people give instead. Any other could be the beginning of a password. */
const OTHER_SCHEME =
  /^(https?|mysql|mariadb|sqlserver|mongodb|mongodb\+srv|rediss?|libsql|file|prisma|prisma\+postgres|jdbc):/;

/** What it is instead, where that can be said without any of its secrets. */
function whatElse(url: string): string | undefined {
  const scheme = OTHER_SCHEME.exec(url)?.[1];
  if (scheme !== undefined) return `it begins with ${scheme}:`;
  if (/^["'].*["']$/.test(url)) return "it stands in quotation marks";
  if (!/^postgres(ql)?:\/\//.test(url)) return undefined;
  if (!isEncoded(url)) return "a % in its password is written %25";
  if (!/^postgres(ql)?:\/\/[^@/]+@/.test(url)) return "it names no user";
  return /^postgres(ql)?:\/\/[^@/]+@[^@/]+\/?$/.test(url)
    ? "it names no database"
    : "an @ or / in its password is written %40 or %2F";
}

/** Names that only this machine or its network knows; an address, too, is none of Neon's, whose hosts have names. */
const isPrivateHost = (host: string): boolean =>
  !host.includes(".") || /^[\d.]+$/.test(host) || /\.(localhost|local|internal|lan|test|home\.arpa)$/i.test(host);

/** Whether it is one of Neon's hosts, which have a `/sql` endpoint of their own. */
export const isNeonHost = (host: string): boolean => /\.neon\.(tech|build)$/i.test(host);
