const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a request uses a host name that belongs to this machine. A foreign page cannot make a browser send one with a host of its own (DNS
 * rebinding), and Cloudflare routes none to a deployed Worker.
 */
export function isLoopback(request: Request): boolean {
  return LOOPBACK.includes(new URL(request.url).hostname);
}
