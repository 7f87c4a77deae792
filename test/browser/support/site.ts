import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody else's site. */
export interface Site {
  /** Its origin, which is another site than the console's by name: `localhost` is not `127.0.0.1`. */
  origin: string;
  /** The HTML of its one page from now on. */
  page: string;
  stop(): Promise<void>;
}

/** Starts the site on a free port. */
export async function startSite(): Promise<Site> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(site.page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const site: Site = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    page: "",
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}
