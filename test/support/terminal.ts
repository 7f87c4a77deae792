import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";

/** Makes a process treat its pipes as a terminal. */
const TERMINAL = `data:text/javascript,${encodeURIComponent(
  "process.stdin.isTTY = process.stderr.isTTY = true; process.stdin.setRawMode = () => process.stdin;",
)}`;

/** Runs one of our programs as if in a terminal, and presses a key once it asks. */
export async function asked(
  key: string,
  command: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number; out: string; said: string }> {
  const child = spawn(process.execPath, ["--import", TERMINAL, ...command], options);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said += chunk;
    if (chunk.includes("?")) child.stdin.end(key);
  });
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { code, out, said: stripVTControlCharacters(said) };
}
