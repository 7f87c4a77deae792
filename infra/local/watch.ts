import { relative } from "node:path";
import { watch } from "chokidar";
import { type Project, readProject, workersOf } from "../project/project.ts";
import { secretFilesOf } from "../project/secret-files.ts";
import type { StackMessage } from "./logs/message.ts";
import type { RouteCopies } from "./routes/route-copies.ts";

/** How long a file must stay unchanged: editors write in several steps. */
const SETTLED_MS = 100;
const POLL_MS = 25;

export interface WatchOptions {
  project: Project;
  routes: RouteCopies;
  /** Writes the copies of the configurations again. */
  rewrite: (project: Project) => Promise<void>;
  onMessage: (message: StackMessage) => void;
}

/**
 * Watches the files that wrangler runs as copies: route configurations, wrangler configurations and the secrets beside them. It reports faults, and
 * the last valid copy stays. Wrangler itself watches the code.
 *
 * @returns A function to call at the end.
 */
export async function watchProject(options: WatchOptions): Promise<() => Promise<void>> {
  const { project, routes, onMessage } = options;
  const configurations = workersOf(project);
  const paths = [...routes.sources, ...configurations.flatMap((file) => [file.path, ...secretFilesOf(file)])];
  const watcher = watch(paths, {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: POLL_MS },
  });
  // One after another, so that the last state of the files wins.
  let last: Promise<void> = Promise.resolve();
  watcher.on("all", (_event, path) => {
    last = last.then(() => update(path, options)).catch((error) => onMessage(problem(error)));
  });
  await new Promise((resolve) => watcher.once("ready", () => resolve(undefined)));
  return async () => {
    await watcher.close();
    await last;
  };
}

async function update(path: string, { project, routes, rewrite, onMessage }: WatchOptions): Promise<void> {
  const shown = relative(project.root, path);
  if (routes.sources.includes(path)) {
    await routes.update();
    onMessage({ from: undefined, level: "info", text: `${shown} has changed` });
    return;
  }
  const paths = workersOf(project).map((file) => file.path);
  const changed = readProject({ root: project.root, configs: paths });
  const names = (of: Project) =>
    workersOf(of)
      .map(({ name }) => name)
      .join();
  if (names(changed) !== names(project)) {
    onMessage({ from: undefined, level: "warn", text: `${shown}: a Worker has a new name: restart` });
    return;
  }
  await rewrite(changed);
  onMessage({ from: undefined, level: "info", text: `${shown} has changed` });
}

function problem(error: unknown): StackMessage {
  const text = error instanceof Error ? error.message : String(error);
  return { from: undefined, level: "error", text: `${text}\nthe previous version stays in use` };
}
