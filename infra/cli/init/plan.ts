import { dirname, join, posix } from "node:path";
import type { WranglerFile } from "../../project/wrangler-file.ts";
import { byHand, environmentsOf, type ServiceBinding, textWithService, withService } from "./add-service-binding.ts";
import type { Choices } from "./choices.ts";
import { withHub } from "./package-json.ts";
import { projectScripts } from "./scripts.ts";
import { inRoot, PLACES, packageNameOf, type Survey, textOf } from "./survey.ts";
import { DEFAULT_NAME, type Fit, readTemplate } from "./templates.ts";

/** A file before and after the change. */
export interface Change {
  /** Relative to the root, with slashes. */
  path: string;
  /** `undefined`: the file does not exist. */
  before: string | undefined;
  after: string;
}

/** What `init` does to a project, determined before anything is written. */
export interface Plan {
  changes: Change[];
  /** Existing files that differ from what `init` would write: they stay. */
  kept: string[];
  /** What a person has to do by hand. */
  advice: string[];
  /** The names of the scripts in package.json. */
  scripts: ReturnType<typeof withHub>["names"];
  /** Whether it includes the example's test. */
  example: boolean;
  /** The Workers that get the hub's binding. */
  producers: Choices["producers"];
}

/** The name under which the example's routes find its consumer. */
const CONSUMER = "BILLING";

const EXECUTOR = `${PLACES.executor}/wrangler.jsonc`;

/** Determines what to write. Reads only. */
export function planOf(found: Survey, { template, producers }: Choices, name = found.name ?? DEFAULT_NAME): Plan {
  const fit: Fit = { name, packageAt: found.packageAt };
  const files = new Drafts(found.root);
  const example = template === "example" && takesExample(found, fit);
  const consumer = example ? consumerOf(found, name) : undefined;
  addParts(files, found, fit, consumer);
  files.addAll(readTemplate(example ? "example" : "minimal", fit), (path) => exampleTakes(path, found));
  files.addAll(readTemplate("project", fit), (path) => path !== "gitignore");
  files.edit(".gitignore", (text) => withLines(text, readTemplate("project", fit).get("gitignore") ?? ""));
  const advice: string[] = [];
  const { executor } = found.parts;
  if (consumer !== undefined && executor !== undefined) {
    advice.push(...bind(files, inRoot(found.root, executor.path), executor, consumer));
  }
  for (const worker of producers) {
    const added = { binding: "EVENTHUB", service: found.parts.hub?.name ?? `${name}-hub` };
    advice.push(...bind(files, inRoot(found.root, worker.path), worker, added));
  }
  const made = withHub(found.manifest, packageNameOf(found.root), projectScripts(found, example, producers));
  files.edit("package.json", () => made.text);
  return {
    ...files.result(),
    advice,
    scripts: made.names,
    example: example && found.consumer === undefined,
    producers,
  };
}

/** The consumer of the example's route: one that the project has, or else the example's. */
function consumerOf({ consumer }: Survey, name: string): ServiceBinding {
  if (consumer === undefined) return { binding: CONSUMER, service: `${name}-consumer` };
  const { file, entrypoint } = consumer;
  return { binding: CONSUMER, service: file.name, ...(entrypoint === undefined ? {} : { entrypoint }) };
}

/** Adds the parts of the hub that the project lacks. They read the route configuration where it is. */
function addParts(files: Drafts, found: Survey, fit: Fit, consumer: ServiceBinding | undefined): void {
  const template = readTemplate("hub", fit);
  for (const role of ["hub", "executor", "console"] as const) {
    const there = found.parts[role];
    const elsewhere = there !== undefined && inRoot(found.root, dirname(there.path)) !== PLACES[role];
    if (elsewhere) continue;
    const routing = posix.relative(PLACES[role], found.routing);
    for (const [path, text] of template) {
      if (!path.startsWith(`${PLACES[role]}/`)) continue;
      const fitted = text.replace('"../routing.json"', JSON.stringify(routing));
      const bound = path === EXECUTOR && consumer !== undefined ? textWithService(fitted, consumer) : undefined;
      files.add(path, bound?.op === "edit" ? bound.text : fitted);
    }
  }
}

/** The example belongs to its own routes: it is not added to others. */
function takesExample({ root, routing }: Survey, fit: Fit): boolean {
  if (routing !== `${DEFAULT_NAME}/routing.json`) return false;
  const there = textOf(join(root, routing));
  return there === undefined || there === readTemplate("example", fit).get(routing);
}

/**
 * Whether the example's file is added. A project with its own emitting Worker or consumer does not need that of the example, and the example's test
 * needs the example's own consumer.
 */
function exampleTakes(path: string, { emitting, consumer, routing }: Survey): boolean {
  if (path.endsWith("routing.json")) return routing === path;
  if (consumer !== undefined && /^(workers\/consumer\/|eventhub\/routing\.test\.ts$)/.test(path)) return false;
  return emitting.length === 0 || !/^(workers\/producer\/|worker-configuration\.d\.ts$)/.test(path);
}

/** Adds a binding to a configuration. Returns what a person must do for it, if anything. */
function bind(files: Drafts, path: string, worker: WranglerFile, added: ServiceBinding): string[] {
  const bound = withService(worker, added);
  if (bound.op === "nothing") return [];
  if (bound.op === "by hand") return [byHand(path, bound.lines)];
  files.edit(path, () => bound.text);
  const environments = environmentsOf(worker);
  if (environments.length === 0) return [];
  const names = environments.map((name) => `env.${name}`).join(", ");
  return [
    `${path} has ${names}: wrangler does not inherit bindings from the top level; add ${added.binding} there, too`,
  ];
}

function withLines(text: string | undefined, wanted: string): string {
  const there = new Set((text ?? "").split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, "")));
  const lacking = wanted.split("\n").filter((line) => line !== "" && !there.has(line.replace(/\/$/, "")));
  if (lacking.length === 0) return text ?? "";
  const before = text === undefined || text === "" || text.endsWith("\n") ? (text ?? "") : `${text}\n`;
  return `${before}${lacking.join("\n")}\n`;
}

/** The files while the plan is made. */
class Drafts {
  readonly #root: string;
  readonly #changes = new Map<string, Change>();
  readonly #wanted = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The future text of a file. */
  textOf(path: string): string | undefined {
    return this.#changes.get(path)?.after ?? textOf(join(this.#root, path));
  }

  /** Adds a new file. An existing one stays. */
  add(path: string, after: string): void {
    const before = textOf(join(this.#root, path));
    if (before === undefined) this.#changes.set(path, { path, before, after });
    else this.#wanted.set(path, after);
  }

  addAll(template: ReadonlyMap<string, string>, takes: (path: string) => boolean): void {
    for (const [path, text] of template) if (takes(path)) this.add(path, text);
  }

  /** Changes a file that exists, or that the plan adds. */
  edit(path: string, change: (text: string | undefined) => string): void {
    const before = textOf(join(this.#root, path));
    const after = change(this.textOf(path));
    if (after === before) this.#changes.delete(path);
    else this.#changes.set(path, { path, before, after });
  }

  result(): Pick<Plan, "changes" | "kept"> {
    const kept = [...this.#wanted].filter(([path, wanted]) => !this.#changes.has(path) && this.textOf(path) !== wanted);
    return { changes: [...this.#changes.values()], kept: kept.map(([path]) => path) };
  }
}
