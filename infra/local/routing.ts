import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PATHS, ROOT } from "./paths.ts";

const ROUTING = join(ROOT, "workers/routing.json");
const IMPORT = /(?<=\bfrom ")\.[^"]+(?=")/g;

/** The destination that the local stack receives itself, whose routes are enabled only here. */
const WEBHOOK = "WEBHOOK";

interface Routing {
  destinations: Record<string, object>;
  routes: { destination: string; enabled?: boolean }[];
}

/** Writes the route configuration of the local stack: that of the repository, with the webhook at the receiver of this machine. */
export async function writeRouting(webhookUrl: string): Promise<void> {
  const routing = JSON.parse(await readFile(ROUTING, "utf8")) as Routing;
  const { destinations, routes } = routing;
  const local = {
    ...routing,
    destinations: { ...destinations, [WEBHOOK]: { ...destinations[WEBHOOK], url: webhookUrl } },
    routes: routes.map((route) => (route.destination === WEBHOOK ? { ...route, enabled: true } : route)),
  };
  await writeFile(join(PATHS.workers, "routing.json"), JSON.stringify(local, null, 2));
}

/**
 * The entry of a Worker as it runs here. One that has the route configuration for a module gets a copy of itself with that of
 * {@link writeRouting}; the others are as they are.
 */
export async function localEntry(worker: string, main: string): Promise<string> {
  const source = await readFile(main, "utf8");
  if (!source.includes('from "../routing.json"')) return main;
  const copy = join(PATHS.workers, `${worker}.ts`);
  const here = (path: string) => (path === "../routing.json" ? "./routing.json" : resolve(dirname(main), path));
  await writeFile(copy, source.replace(IMPORT, here));
  return copy;
}
