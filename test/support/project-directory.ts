import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./wrangler-config.ts";

/** The content of a project's files: text, or a value that is written as JSON. */
export type Files = Readonly<Record<string, string | object>>;

/** A test's own directory, with a project in it. */
export class ProjectDirectory implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "eventhub-project-"));

  constructor(files: Files = {}) {
    this.write(files);
  }

  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(
        join(this.root, path),
        typeof content === "string" ? content : `${JSON.stringify(content, null, 2)}\n`,
      );
    }
  }

  /** Puts links to this package, as it was built, and to this repository's packages into `node_modules`. */
  linkPackages(): this {
    const modules = join(this.root, "node_modules");
    mkdirSync(modules);
    for (const name of readdirSync(join(ROOT, "node_modules"))) {
      if (!name.startsWith(".")) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    }
    symlinkSync(ROOT, join(modules, "cf-eventhub-workflows"));
    return this;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** The text of every file, by path. */
  all(): Record<string, string> {
    const entries = readdirSync(this.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map(({ parentPath, name }) => relative(this.root, join(parentPath, name))).sort();
    return Object.fromEntries(paths.map((path) => [path, this.read(path)]));
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
