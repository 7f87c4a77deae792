import type { IncomingHttpHeaders } from "node:http";
import { MAX_STATEMENT_PARAMETERS } from "../../../schema/vocabulary/platform-limits.ts";

/** One statement, with its parameters in the form that Postgres reads: text or null. */
export interface NeonQuery {
  query: string;
  params: (string | null)[];
  /** Rows as arrays, not as objects. The driver always requests arrays. */
  arrayMode: boolean;
}

/** The content of one HTTP request. */
export interface NeonRequest {
  database: string;
  user: string;
  password: string;
  /** Whether the statements are one transaction, answered as `{ results }`. */
  batch: boolean;
  queries: NeonQuery[];
  /** In the words of SQL. */
  isolationLevel?: string;
  readOnly: boolean;
  deferrable: boolean;
}

/** A request that the endpoint does not accept. Its message says what is wrong with it. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
}

const ISOLATION_LEVELS: Readonly<Record<string, string>> = {
  ReadUncommitted: "read uncommitted",
  ReadCommitted: "read committed",
  RepeatableRead: "repeatable read",
  Serializable: "serializable",
};

/**
 * Reads a request of Neon's serverless driver.
 *
 * @throws {BadRequest}
 */
export function parseRequest(headers: IncomingHttpHeaders, body: string): NeonRequest {
  // The driver never requests the other form, values as JSON. To imitate it wrongly would be worse than not to support it.
  if (headers["neon-raw-text-output"] !== "true") throw new BadRequest("Neon-Raw-Text-Output must be true");
  const level = headers["neon-batch-isolation-level"];
  const isolationLevel = level === undefined ? undefined : ISOLATION_LEVELS[String(level)];
  if (level !== undefined && isolationLevel === undefined) throw new BadRequest("invalid isolation level");
  return {
    ...parseConnectionString(headers["neon-connection-string"]),
    ...parseBody(body, headers["neon-array-mode"] === "true"),
    ...(isolationLevel === undefined ? {} : { isolationLevel }),
    readOnly: headers["neon-batch-read-only"] === "true",
    deferrable: headers["neon-batch-deferrable"] === "true",
  };
}

function parseConnectionString(header: string | string[] | undefined) {
  if (typeof header !== "string") throw new BadRequest("the header Neon-Connection-String is missing");
  // The message never contains the string itself, which has the password.
  if (!URL.canParse(header)) throw new BadRequest("Neon-Connection-String is not a URL");
  const url = new URL(header);
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw new BadRequest("Neon-Connection-String is not a postgres:// URL");
  const database = decode(url.pathname.slice(1));
  if (database === "") throw new BadRequest("Neon-Connection-String names no database");
  return { database, user: decode(url.username), password: decode(url.password) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadRequest("Neon-Connection-String has a % that is not an escape");
  }
}

function parseBody(body: string, arrayMode: boolean): Pick<NeonRequest, "batch" | "queries"> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw new BadRequest(`the body is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (!isObject(json)) throw new BadRequest("the body must be an object with `query` or `queries`");
  if (json.queries === undefined) return { batch: false, queries: [parseQuery(json, "", arrayMode)] };
  if (!Array.isArray(json.queries)) throw new BadRequest("`queries` must be an array");
  return { batch: true, queries: json.queries.map((query, i) => parseQuery(query, `queries[${i}]: `, arrayMode)) };
}

function parseQuery(value: unknown, where: string, arrayMode: boolean): NeonQuery {
  if (!isObject(value) || typeof value.query !== "string") throw new BadRequest(`${where}\`query\` must be a string`);
  if (value.query.includes("\0")) throw new BadRequest(`${where}\`query\` holds U+0000`);
  const { params = [], arrayMode: own = arrayMode } = value;
  if (!Array.isArray(params)) throw new BadRequest(`${where}\`params\` must be an array`);
  if (params.length > MAX_STATEMENT_PARAMETERS)
    throw new BadRequest(`${where}more than ${MAX_STATEMENT_PARAMETERS} parameters`);
  if (typeof own !== "boolean") throw new BadRequest(`${where}\`arrayMode\` must be a boolean`);
  return { query: value.query, params: params.map(toText), arrayMode: own };
}

function toText(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === "string") return value;
  return Array.isArray(value) ? toArrayLiteral(value) : JSON.stringify(value);
}

// In an array literal, only quotes and backslashes of a string are escaped.
function toArrayLiteral(values: unknown[]): string {
  const element = (value: unknown): string => {
    if (value === null) return "NULL";
    if (Array.isArray(value)) return toArrayLiteral(value);
    if (typeof value === "object") return quote(JSON.stringify(value));
    return typeof value === "string" ? quote(value) : String(value);
  };
  return `{${values.map(element).join(",")}}`;
}

function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
