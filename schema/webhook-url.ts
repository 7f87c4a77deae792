import ipaddr from "ipaddr.js";

/** Names that stand for the machine itself or for a private network. @see https://www.rfc-editor.org/rfc/rfc6761 */
const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/;

/**
 * The fault of a webhook's URL, or `undefined`. The URL parser writes every spelling of an IPv4 address (decimal, octal, hexadecimal, short) as
 * four numbers, so that what is checked here is what would be called.
 * @param options.insecure for a local stack: http and private addresses are allowed
 */
export function webhookUrlFault(text: string, { insecure = false } = {}): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return "must be an absolute URL";
  if (url.username !== "" || url.password !== "") return "must hold no user and no password";
  if (insecure && (url.protocol === "http:" || url.protocol === "https:")) return undefined;
  if (url.protocol !== "https:") return `must be https, got ${url.protocol.slice(0, -1)}`;
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (ipaddr.isValid(host)) {
    // Also of an IPv4 address inside an IPv6 one (::ffff:10.0.0.1).
    const range = ipaddr.process(host).range();
    return range === "unicast" ? undefined : `must not be at a ${range} address`;
  }
  return PRIVATE_NAMES.test(host) || !host.includes(".") ? "must not be at a private name" : undefined;
}

/** True if the URL's host is one of `allowed`: a name, or `*.` and a name for all below it. */
export function isAllowedHost(text: string, allowed: readonly string[]): boolean {
  const host = new URL(text).hostname.replace(/\.$/, "");
  return allowed.some((pattern) => (pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern));
}
