import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../infra/cli/index.ts", import.meta.url));

/** `eventhub dev` in a process of its own, without a terminal. */
export interface DevProcess {
  pid: number;
  /** Everything that it has printed on both streams. */
  readonly output: string;
  /** Waits until it has printed this, and returns what the groups caught. */
  prints(pattern: RegExp): Promise<string[]>;
  /** Sends a signal, and returns the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Waits until it ends by itself. */
  readonly ended: Promise<number | null>;
}

/** Starts `eventhub dev` in a project. */
export function startDev(root: string, ...args: string[]): DevProcess {
  const child: ChildProcess = spawn(process.execPath, [COMMAND, "dev", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DATABASE_URL: undefined, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  let output = "";
  const changes = new EventEmitter();
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      changes.emit("change");
    });
  const ended = once(child, "close").then(([code]) => {
    changes.emit("change");
    return code as number | null;
  });

  /** Has no time limit of its own: that of the test ends it. */
  async function prints(pattern: RegExp): Promise<string[]> {
    for (;;) {
      const found = pattern.exec(output);
      if (found !== null) return found.slice(1);
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`it ended without ${pattern}:\n${output}`);
      await once(changes, "change");
    }
  }
  return {
    pid: child.pid ?? 0,
    get output() {
      return output;
    },
    prints,
    end: async (signal) => {
      child.kill(signal);
      return await ended;
    },
    ended,
  };
}
