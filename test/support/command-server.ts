/**
 * The process of {@link import("./command-process.ts").startCommands}. It runs one command line per message, each as if in a process of its own, and answers
 * with its output and its exit code.
 */
import { runCommandLine } from "../../infra/cli/command-line.ts";

const own = { ...process.env };

process.on("message", async ({ args, env }: { args: string[]; env: NodeJS.ProcessEnv }) => {
  const written = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((name) => process[name].write);
  for (const name of streams) {
    process[name].write = (text: string | Uint8Array) => {
      written[name] += String(text);
      return true;
    };
  }
  process.env = { ...own, ...env };
  process.exitCode = undefined;
  try {
    await runCommandLine(args);
  } finally {
    streams.forEach((name, index) => {
      process[name].write = writes[index] as typeof process.stdout.write;
    });
  }
  process.send?.({ code: Number(process.exitCode ?? 0), ...written });
  process.exitCode = 0;
});
process.send?.("ready");
