import ipaddr from "ipaddr.js";

/**
 * Names that no public server has: those in the registry of special-use names; those that ICANN reserves for private networks, or gives to nobody
 * because private networks use them; and those that routers and clusters use by convention. `example.com` and similar names are not among them: they
 * are reserved, but public.
 *
 * @see https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
 * @see https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en
 * @see https://www.rfc-editor.org/rfc/rfc6762#appendix-G
 */
const SPECIAL_NAMES = "localhost local onion alt test invalid example arpa";
const PRIVATE_BY_ICANN = "internal corp home mail";
const PRIVATE_BY_CONVENTION = "intranet lan private localdomain svc";

const PRIVATE_NAMES = new RegExp(
  `(^|\\.)(${[SPECIAL_NAMES, PRIVATE_BY_ICANN, PRIVATE_BY_CONVENTION].join(" ").replaceAll(" ", "|")})$`,
);

/** The part of IPv6 that is allocated to the public. @see https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * The fault of a webhook's URL, or `undefined`. The URL parser writes every spelling of an IPv4 address (decimal, octal, hexadecimal, short) as four
 * numbers, so this checks the address that would be called.
 *
 * @param options.insecure Allow http and private addresses, for a local stack.
 */
export function webhookUrlFault(text: string, { insecure = false } = {}): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return "must be an absolute URL";
  if (url.username !== "" || url.password !== "") return "must contain no user and no password";
  if (insecure && (url.protocol === "http:" || url.protocol === "https:")) return undefined;
  if (url.protocol !== "https:") return `must be https, got ${url.protocol.slice(0, -1)}`;
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  // Resolvers differ in which empty parts they drop: `localhost..` may be localhost.
  if (host.split(".").includes("")) return "must be at a host name without empty parts";
  if (ipaddr.isValid(host)) {
    const range = rangeOf(host);
    return range === "unicast" ? undefined : `must not be at a ${range} address`;
  }
  return PRIVATE_NAMES.test(host) || !host.includes(".") ? "must not be at a private name" : undefined;
}

/** The range that an address belongs to: `unicast` if the public can reach it. */
function rangeOf(host: string): string {
  // An IPv4 address inside an IPv6 one (::ffff:10.0.0.1) counts as the IPv4 address.
  const address = ipaddr.process(host);
  const range = address.range();
  // The library calls every unnamed range unicast, such as ::10.0.0.1, which some systems still treat as 10.0.0.1.
  if (range === "unicast" && address instanceof ipaddr.IPv6 && !address.match(GLOBAL_UNICAST)) return "reserved";
  return range;
}

/** True if the URL's host matches one of `allowed`: a name, or `*.` and a name for everything below it. */
export function isAllowedHost(text: string, allowed: readonly string[]): boolean {
  const host = new URL(text).hostname.replace(/\.$/, "");
  return allowed
    .map((pattern) => pattern.toLowerCase())
    .some((pattern) => (pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) : host === pattern));
}
