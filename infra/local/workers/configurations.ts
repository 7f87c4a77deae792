import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Project, workersOf } from "../../project/project.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";
import type { StackPaths } from "../paths.ts";
import { replace } from "../replace.ts";
import type { RouteCopies } from "../routes/route-copies.ts";
import { consumerEntryOf } from "./consumer-entry.ts";
import { gatewayConfiguration } from "./gateway.ts";
import { hubPartsOf } from "./hub-parts.ts";
import { movedTo } from "./moved.ts";
import { formatVariables, variablesOf } from "./variables.ts";

/** What the Workers get here and not where they are deployed. */
export interface LocalValues {
  /** Variables of hub, executor and console. */
  variables: Readonly<Record<string, string>>;
  /** What the gateway knows requests by that come from the ports of Workers of the project's own. */
  secret: string;
  /** The route configurations as they run here. */
  routes: RouteCopies;
}

/**
 * Writes a copy of each Worker's configuration, in a directory of its own with a `.dev.vars` beside it: `wrangler dev` takes variables for its
 * first Worker only, and those of a configuration it prints. A file that would not change is left as it is.
 *
 * @returns The paths of the copies; that of the gateway, which gets the port, first.
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

/** A Worker of the project's own may have a database of its own, by the same name. */
function isPartOfHub({ hub, executor, console }: Project, file: WranglerFile): boolean {
  return [hub, executor, console].includes(file);
}

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
  // Wrangler reads the variables when it reads the configuration, which it watches.
  await replace(copy, JSON.stringify(config, null, 2), 0o644, changed);
  return copy;
}
