import { dirname } from "node:path";
import { type Project, workersOf } from "../../project/project.ts";
import { followFile } from "../logs/follow-file.ts";
import type { StackMessage } from "../logs/message.ts";
import { createOutputParser } from "../logs/parse-output.ts";
import type { StackPaths } from "../paths.ts";
import { createReloadWatch } from "./reloads.ts";
import { startWranglerDev, type WranglerDev } from "./wrangler-dev.ts";

/** The options for running a project's Workers. */
export interface LocalWorkersOptions {
  project: Project;
  paths: StackPaths;
  /** Their configurations; that of the gateway first. */
  configurations: readonly string[];
  /** The port of the gateway. */
  port: number;
  /** Called with the leader of the process group, as soon as there is one. */
  onSpawn: (pid: number) => void;
  onMessage: (message: StackMessage) => void;
  /** Called when wrangler has restarted them because a file has changed, with the time at which the restart began. */
  onReload: (began: Date) => void;
  signal: AbortSignal;
}

/** The running Workers of a project. */
export interface LocalWorkers {
  /** The address of the gateway. */
  origin: string;
  /** Rejects with the end of the log when they end by themselves. */
  died: Promise<never>;
  kill(): Promise<void>;
  /** After `kill`: starts them again, on the same state. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the Workers in one `wrangler dev`, and waits until the gateway answers. */
export async function startWorkers(options: LocalWorkersOptions): Promise<LocalWorkers> {
  const { paths, onSpawn, onMessage } = options;
  const { promise: died, reject } = Promise.withResolvers<never>();
  died.catch(() => undefined); // it may reject while nobody awaits it
  const parser = createOutputParser(speakersOf(options.project));
  const tell = (messages: StackMessage[]) => messages.forEach(onMessage);
  const watchReloads = createReloadWatch(options.onReload);
  let unfollow: (() => Promise<void>) | undefined;

  const start = async (append: boolean): Promise<WranglerDev> => {
    const workers = await startWranglerDev({
      configurations: options.configurations,
      port: options.port,
      root: options.project.root,
      state: paths.wrangler,
      registry: paths.registry,
      log: paths.workersLog,
      append,
      ready: "/local/ready",
      signal: options.signal,
      onSpawn: (pid) => {
        onSpawn(pid);
        unfollow ??= followFile(
          paths.workersLog,
          (line) => {
            watchReloads(line);
            tell(parser.line(line));
          },
          () => tell(parser.flush()),
        );
      },
    });
    workers.died.catch(reject);
    return workers;
  };
  let current: WranglerDev;
  try {
    current = await start(false);
  } catch (error) {
    await unfollow?.();
    throw error;
  }
  return {
    origin: current.origin,
    died,
    kill: () => current.kill(),
    resume: async () => {
      current = await start(true);
    },
    stop: async () => {
      await current.stop();
      await unfollow?.();
    },
  };
}

function speakersOf(project: Project) {
  return workersOf(project).map(({ name, main }) => ({
    name,
    directory: main === undefined ? undefined : dirname(main),
  }));
}
