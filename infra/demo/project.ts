import { join } from "node:path";
import { DATA_DIRECTORIES } from "../local/paths.ts";
import { packageRoot } from "../package-root.ts";
import { type Project, readProject } from "../project/project.ts";

/** The repository, which has the demo's Workers. */
export const ROOT = packageRoot();
/** The directory for the demo's data. */
export const DATA = join(ROOT, DATA_DIRECTORIES.demo);

const CONFIGURATIONS = [
  "workers/hub/wrangler.jsonc",
  "workers/executor/wrangler.jsonc",
  "workers/console/wrangler.jsonc",
  "workers/metrics/wrangler.jsonc",
  "workers/demo/wrangler.jsonc",
  "workers/demo/consumers.wrangler.jsonc",
];

/** The destination that the demo receives itself. Its routes are enabled only here. */
const WEBHOOK = "WEBHOOK";

interface Routing {
  destinations: Record<string, object>;
  routes: { destination: string; enabled?: boolean }[];
}

/** The demo's Workers, as a project. */
export function demoProject(): Project {
  return readProject({ root: ROOT, configs: CONFIGURATIONS });
}

/** Changes the repository's route configuration: the webhook is received on this machine. */
export function receivedHere(webhookUrl: string): (routing: unknown) => unknown {
  return (routing) => {
    const { destinations, routes, ...rest } = routing as Routing;
    return {
      ...rest,
      destinations: { ...destinations, [WEBHOOK]: { ...destinations[WEBHOOK], url: webhookUrl } },
      routes: routes.map((route) => (route.destination === WEBHOOK ? { ...route, enabled: true } : route)),
    };
  };
}
