import { exportsOf } from "../../project/exports.ts";
import type { Project } from "../../project/project.ts";
import { sourceOf } from "../../project/read-source.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";

/** Settings that make wrangler look for modules around the main one, which then cannot be replaced. */
const BOUND_TO_MAIN = ["rules", "base_dir", "find_additional_modules", "no_bundle", "build", "python_modules"];

/**
 * A main module to use in place of a consumer's own. It exports the same, and logs what `handle` throws: the hub catches that and keeps only the
 * message, so its stack trace would be lost. `undefined` for a Worker that is not a consumer, or whose main module cannot be replaced.
 */
export function consumerEntryOf(file: WranglerFile, { executor }: Project): string | undefined {
  const { main, name, config } = file;
  if (main === undefined || !/\.[cm]?[jt]sx?$/.test(main) || BOUND_TO_MAIN.some((key) => config[key] !== undefined))
    return undefined;
  const { names } = exportsOf(sourceOf(file));
  const entrypoints = (executor?.config.services ?? [])
    .filter(({ service }) => service === name)
    .map(({ entrypoint }) => entrypoint ?? "default");
  const classes = [...new Set(entrypoints)].filter((entrypoint) => names.has(entrypoint));
  if (classes.length === 0) return undefined;
  const module = JSON.stringify(main);
  return [
    `import * as main from ${module};`,
    `export * from ${module};`,
    ...(names.has("default") && !classes.includes("default") ? ["export default main.default;"] : []),
    ...classes.map((one) =>
      one === "default" ? "export default told(main.default);" : `export const ${one} = told(main.${one});`,
    ),
    TOLD.replace("NAME", JSON.stringify(`[${name}]`)),
  ].join("\n");
}

/** A class that logs what the two methods of a consumer throw, under the Worker's name. */
const TOLD = `
function told(Base) {
  if (typeof Base !== "function") return Base;
  // By the name that a stack shows.
  const { [Base.name]: Told } = { [Base.name]: class extends Base {} };
  for (const method of ["handle", "handleBatch"]) {
    const own = Base.prototype?.[method];
    if (typeof own !== "function") continue;
    Told.prototype[method] = async function (...args) {
      try {
        return await own.apply(this, args);
      } catch (error) {
        console.error(NAME, error);
        throw error;
      }
    };
  }
  return Told;
}
`;
