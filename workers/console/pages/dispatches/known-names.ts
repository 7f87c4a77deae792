import type { KnownNames } from "../../components/Filters.tsx";
import type { ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";

/** The most names offered of each kind: a configuration may have 10,000 routes. */
const MAX_NAMES = 500;

/** The names in the configuration, to choose from. Empty if it cannot be read, since names can also be typed. */
export async function knownNames(c: ConsoleContext): Promise<KnownNames> {
  const { value: config } = await attempt(c.var.operator.getConfiguration());
  if (config === undefined) return { destinations: [], routes: [] };
  const destinations = new Set([
    ...Object.keys(config.destinations),
    ...config.routes.map((route) => route.destination),
  ]);
  const routes = config.routes.map(({ name }, index) => name ?? `routes[${index}]`);
  return { destinations: [...destinations].sort().slice(0, MAX_NAMES), routes: routes.slice(0, MAX_NAMES) };
}
