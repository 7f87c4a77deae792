import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Project, partsOf, workersOf } from "../../project/project.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";
import type { StackPaths } from "../paths.ts";
import { replace } from "../replace.ts";
import type { RouteCopies } from "../routes/route-copies.ts";
import { consumerEntryOf } from "./consumer-entry.ts";
import { gatewayConfiguration } from "./gateway.ts";
import { hubPartsOf } from "./hub-parts.ts";
import { movedTo } from "./move-configuration.ts";
import { formatVariables, variablesOf } from "./variables.ts";

/** Values that the Workers get only in a local stack. */
export interface LocalValues {
  /** Variables for the hub's own parts. */
  variables: Readonly<Record<string, string>>;
  /** By this secret, the gateway recognises requests from the ports of the project's own Workers. */
  secret: string;
  /** The route configurations in their local form. */
  routes: RouteCopies;
}

/**
 * Writes a copy of each Worker's configuration, in a directory of its own with a `.dev.vars` beside it: `wrangler dev` takes variables only for its
 * first Worker, and prints those of a configuration. A file that would not change is left as it is.
 *
 * @returns The paths of the copies. The first is that of the gateway, which gets the port.
 */
export async function writeConfigurations(project: Project, paths: StackPaths, values: LocalValues): Promise<string[]> {
  await mkdir(paths.workers, { recursive: true, mode: 0o700 });
  const gateway = await writeCopy(
    join(paths.workers, "gateway"),
    gatewayConfiguration(hubPartsOf(project), project),
    formatVariables({ GATEWAY_SECRET: values.secret }),
  );
  const copies = workersOf(project).map(async (file) => {
    const directory = join(paths.workers, encodeURIComponent(file.name));
    const { alias, ...rest } = movedTo(directory, file);
    const entry = consumerEntryOf(file, project);
    if (entry !== undefined) rest.main = await writeEntry(directory, entry);
    const aliases = { ...alias, ...values.routes.aliasOf(file) };
    const config = Object.keys(aliases).length === 0 ? rest : { ...rest, alias: aliases };
    return await writeCopy(directory, config, variablesOf(file, isPartOfHub(project, file) ? values.variables : {}));
  });
  return [gateway, ...(await Promise.all(copies))];
}

/** A Worker of the project may have a database of its own under the same name. */
const isPartOfHub = (project: Project, file: WranglerFile): boolean => partsOf(project).includes(file);

async function writeEntry(directory: string, text: string): Promise<string> {
  const entry = join(directory, "entry.js");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await replace(entry, text, 0o644);
  return entry;
}

async function writeCopy(directory: string, config: object, variables: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const changed = await replace(join(directory, ".dev.vars"), variables, 0o600);
  const copy = join(directory, "wrangler.json");
  // Wrangler reads the variables together with the configuration, which it watches.
  await replace(copy, JSON.stringify(config, null, 2), 0o644, changed);
  return copy;
}
