import getPort, { clearLockedPorts } from "get-port";

const HOST = "127.0.0.1";

/** Whether a server could listen on 127.0.0.1 at this port now. */
export async function isPortFree(port: number): Promise<boolean> {
  // The library keeps what it has found for a while, and then calls it taken.
  clearLockedPorts();
  return (await getPort({ port, host: HOST })) === port;
}

/** A port that was free a moment ago: somebody may be quicker, so whoever uses it must be ready for that. */
export function findFreePort(): Promise<number> {
  return getPort({ host: HOST });
}
