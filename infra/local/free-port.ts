import getPort, { clearLockedPorts, portNumbers } from "get-port";

const HOST = "127.0.0.1";

/** Whether a server could listen on this port of 127.0.0.1 now. */
export async function isPortFree(port: number): Promise<boolean> {
  // The library remembers the ports that it has found for a while, and reports them as taken.
  clearLockedPorts();
  return (await getPort({ port, host: HOST })) === port;
}

/**
 * Finds a port that is free at the moment. Another process may take it first, so the caller must expect that.
 *
 * @param range The first and the last port to choose from, in this order, if one of them is free.
 */
export function findFreePort(range?: readonly [first: number, last: number]): Promise<number> {
  if (range === undefined) return getPort({ host: HOST });
  // The first free one, even if this process has just used it.
  clearLockedPorts();
  return getPort({ port: portNumbers(...range), host: HOST });
}
