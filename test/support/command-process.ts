import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a command printed, and how it ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs command lines of `eventhub`. */
export interface Commands {
  /** Runs one command line at a time. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
  stop(): void;
}

/** Starts a process that runs command lines one after another, in a directory: a process for each would take a second of processor time. */
export async function startCommands(env: NodeJS.ProcessEnv, cwd = process.cwd()): Promise<Commands> {
  const child = fork(fileURLToPath(new URL("command-server.ts", import.meta.url)), { env, cwd, execArgv: [] });
  await once(child, "message");
  return {
    run: async (args, more = {}) => {
      const answer = once(child, "message");
      child.send({ args, env: more });
      const [ended] = await answer;
      return ended as Ended;
    },
    stop: () => void child.kill(),
  };
}
