import getPort, { clearLockedPorts, portNumbers } from "get-port";

const HOST = "127.0.0.1";

/** Whether a server could listen on 127.0.0.1 at this port now. */
export async function isPortFree(port: number): Promise<boolean> {
  // The library keeps what it has found for a while, and then calls it taken.
  clearLockedPorts();
  return (await getPort({ port, host: HOST })) === port;
}

/**
 * A port that was free a moment ago: somebody may be quicker, so whoever uses it must be ready for that.
 *
 * @param range The first and the last one to choose from, in their order, if one of them is free.
 */
export function findFreePort(range?: readonly [first: number, last: number]): Promise<number> {
  if (range === undefined) return getPort({ host: HOST });
  // The first that is free, also where this process had it a moment ago.
  clearLockedPorts();
  return getPort({ port: portNumbers(...range), host: HOST });
}
