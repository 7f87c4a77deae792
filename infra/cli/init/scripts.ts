import type { Scripts } from "./manifest.ts";
import { EXAMPLES, inRoot, PLACES, type Survey } from "./survey.ts";

/** The scripts of package.json for a project. */
export function projectScripts(found: Survey, example: boolean): Scripts {
  const hub = configurationOf(found, "hub");
  const own = found.workers.map(({ path }) => inRoot(found.root, path));
  const producer = own[0] ?? (example ? `${EXAMPLES.producer}/wrangler.jsonc` : undefined);
  // Whoever is bound is there before whoever binds.
  const deployed = [
    ...(example ? [`${EXAMPLES.consumer}/wrangler.jsonc`] : []),
    ...[hub, configurationOf(found, "executor"), configurationOf(found, "console")],
    ...(own.length > 0 ? own : producer === undefined ? [] : [producer]),
  ];
  return {
    dev: "eventhub dev",
    deploy: deployed.map((path) => `wrangler deploy -c ${path}`).join(" && "),
    test: example ? "vitest run" : undefined,
    // Without the hub's configuration `env.EVENTHUB` would have no `emit`.
    types: producer === undefined ? undefined : typesScript(found, producer, hub),
  };
}

/** As the project makes its types, if it does; they are of the first Worker that emits. */
function typesScript({ manifest, workers }: Survey, producer: string, hub: string): string {
  if (workers.length === 0) return `wrangler types -c ${producer} -c ${hub} --include-runtime=false`;
  const named = /wrangler types[^"]*?--env-interface[= ](\w+)/.exec(manifest ?? "")?.[1];
  return `wrangler types -c ${producer} -c ${hub}${named === undefined ? "" : ` --env-interface ${named}`}`;
}

function configurationOf({ root, parts }: Survey, role: keyof typeof PLACES): string {
  const there = parts[role];
  if (there === undefined) return `${PLACES[role]}/wrangler.jsonc`;
  return inRoot(root, there.path);
}
