import type { Scripts } from "./package-json.ts";
import { EXAMPLES, inRoot, PLACES, type Survey } from "./survey.ts";

/** The scripts of package.json for a project in which `producers` emit. */
export function projectScripts(found: Survey, example: boolean, producers: Survey["workers"]): Scripts {
  const hub = configurationOf(found, "hub");
  const pathOf = ({ path }: Survey["workers"][number]) => inRoot(found.root, path);
  const { file: consumer } = found.consumer ?? {};
  const own = found.workers.filter((file) => file !== consumer).map(pathOf);
  const produces = producers[0] ?? found.emitting[0];
  const producer =
    produces !== undefined ? pathOf(produces) : example ? `${EXAMPLES.producer}/wrangler.jsonc` : undefined;
  // A Worker is deployed before those that bind it: a consumer of the project may emit, too.
  const deployed = [
    ...(example && consumer === undefined ? [`${EXAMPLES.consumer}/wrangler.jsonc`] : []),
    ...[hub, ...(consumer === undefined ? [] : [pathOf(consumer)])],
    ...[configurationOf(found, "executor"), configurationOf(found, "console")],
    ...(found.parts.metrics === undefined ? [] : [pathOf(found.parts.metrics)]),
    ...own,
    ...(produces === undefined && producer !== undefined ? [producer] : []),
  ];
  return {
    dev: "eventhub dev",
    deploy: deployed.map((path) => `wrangler deploy -c ${path}`).join(" && "),
    test: example && consumer === undefined ? "vitest run" : undefined,
    // Without the hub's configuration, `env.EVENTHUB` would lack `emit`.
    types: producer === undefined ? undefined : typesScript(found, producer, hub),
  };
}

/** Generates types as the project already does, if it does: for the first Worker that emits. */
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
