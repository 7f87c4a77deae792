import { exportsOf } from "../../project/exports.ts";
import type { Project } from "../../project/project.ts";
import { sourceOf } from "../../project/source.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";

/** What makes wrangler look for modules around the main one, which then has to stay what it is. */
const BOUND_TO_MAIN = ["rules", "base_dir", "find_additional_modules", "no_bundle", "build", "python_modules"];

/**
 * A main module in the place of a consumer's own, which exports the same and logs what its `handle` throws: the hub catches that and keeps the
 * message, and no stack of it would ever be seen. `undefined` for a Worker that is no consumer, or whose main module has to stay.
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
