const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a request came over a name that is this machine's own. Nobody else's page can make a browser send such a one for a host of its own
 * (DNS rebinding), and Cloudflare routes none to a deployed Worker.
 */
export function isLoopback(request: Request): boolean {
  return LOOPBACK.includes(new URL(request.url).hostname);
}
