import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { compileJson } from "../../cli/routes/compile-file.ts";
import { routeModuleOf } from "../../project/find-route-module.ts";
import { FileFaults, JsonFile } from "../../project/json-file.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";
import { replace } from "../replace.ts";

/** The route configurations of hub and executor in their local form: copies that only ever change to valid ones. */
export interface RouteCopies {
  /** The original files. */
  readonly sources: readonly string[];
  /** The file that wrangler reads in place of a Worker's route configuration, by the specifier of its import. */
  aliasOf(file: WranglerFile): Record<string, string>;
  /** @throws {FileFaults} With the place of each fault. */
  check(): void;
  /** Checks the files, and copies them. @throws {FileFaults} With the place of each fault; the copies stay as they were. */
  update(): Promise<void>;
}

/**
 * Finds the route configurations that these Workers import. The caller must call {@link RouteCopies.update} first.
 *
 * @param change Makes the local form differ from the deployed one, for example in the URL of a webhook.
 */
export function routeCopies(
  directory: string,
  workers: readonly WranglerFile[],
  change: (routing: unknown) => unknown = (routing) => routing,
): RouteCopies {
  // By path, since a changed configuration is read again.
  const modules = new Map(workers.map((worker) => [worker.path, routeModuleOf(worker)]));
  const sources = [...new Set([...modules.values()].flatMap((module) => module?.path ?? []))];
  const copyOf = (source: string) => join(directory, `routing-${sources.indexOf(source)}.json`);
  return {
    sources,
    aliasOf: (worker) => {
      const module = modules.get(worker.path);
      return module === undefined ? {} : { [module.specifier]: copyOf(module.path) };
    },
    check: () => void sources.map(readRoutes),
    update: async () => {
      const values = sources.map((source) => [source, readRoutes(source)] as const);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      for (const [source, value] of values)
        await replace(copyOf(source), JSON.stringify(change(value), null, 2), 0o644);
    },
  };
}

function readRoutes(source: string): unknown {
  const shown = relative(process.cwd(), source);
  const path = shown.startsWith("..") ? source : shown;
  const file = new JsonFile(path);
  // The copy has no comments; but when it is deployed, the file itself is the module.
  if (!file.strict)
    throw new FileFaults([`${path}: has comments or trailing commas, which a JSON module must not have`]);
  compileJson(file);
  return file.value();
}
