/** The rules for the settings of a collector. */

/** The message omits the address, which may contain a key. */
export const OTLP_ENDPOINT_RULE =
  "must be an https URL without user, password and query, such as https://otlp.example.com (http only at localhost)";

/** The message omits the headers, which are secret. */
export const OTLP_HEADERS_RULE = "must be headers such as name=value,other=value, with values percent-encoded";

export const SAMPLE_RATE_RULE = "must be a number from 0 to 1";

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * The URL at which a collector takes traces or metrics; `undefined` if `endpoint` is not valid. An endpoint with the path of one signal stands for
 * both.
 */
export function otlpUrl(endpoint: string, signal: "traces" | "metrics"): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const { protocol, username, password, hostname, origin, pathname, search, hash } = new URL(endpoint);
  if (protocol !== "https:" && !(protocol === "http:" && LOCAL.test(hostname))) return undefined;
  if (username !== "" || password !== "" || search !== "" || hash !== "") return undefined;
  const base = pathname.replace(/\/+$/, "").replace(/\/v1\/(traces|metrics)$/, "");
  return `${origin}${base}/v1/${signal}`;
}

/** The headers by name, in lower case; `undefined` if the text is not valid. */
export function readOtlpHeaders(text: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const pair of text.split(",").filter((each) => each.trim() !== "")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const value = decoded(pair.slice(at + 1).trim());
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || value === undefined || !/^[\t\x20-\x7e]*$/.test(value)) {
      return undefined;
    }
    headers[name] = value;
  }
  return headers;
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

export const isSampleRate = (rate: unknown): rate is number => typeof rate === "number" && rate >= 0 && rate <= 1;
