import { spawnSync } from "node:child_process";

/** A program that a shell starts: its name and its arguments, as the shell has expanded them, and its `DATABASE_URL`. */
export interface Call {
  words: readonly string[];
  databaseUrl: string;
}

/**
 * Lets a shell read scripts, each with the variables of `env`, and returns the programs that they would start. None is started: each is a function
 * that tells its arguments. Variables, loops, quotes and patterns of files are the shell's own work.
 *
 * @param programs The programs that there are.
 * @throws Error for a program or a variable that there is not, and for what the shell cannot read.
 */
export function callsIn(
  scripts: readonly string[],
  programs: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Call[] {
  const told = programs.map((name) => `${name}() { printf '%s\\0' "$#" "\${DATABASE_URL-}" ${name} "$@" >&3; }`);
  const script = ["set -u; PATH=/nowhere", ...told, ...scripts.map((text) => `(\n${text}\n)`)].join("\n");
  const { stderr, output } = spawnSync("/bin/sh", ["-c", script], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  if (stderr !== "") throw new Error(`${stderr.trim()}, in\n${script}`);
  const parts = (output[3] ?? "").split("\0");
  const calls: Call[] = [];
  for (let at = 0; at < parts.length - 1; ) {
    const end = at + Number(parts[at]) + 3;
    const [databaseUrl = "", ...words] = parts.slice(at + 1, end);
    calls.push({ words, databaseUrl });
    at = end;
  }
  return calls;
}
