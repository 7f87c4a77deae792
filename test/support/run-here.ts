import { stripVTControlCharacters } from "node:util";
import { vi } from "vitest";

/** What a command printed, without colours, and its exit code. */
export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs a command in this process, since starting another one takes a second. Its output is collected and not printed. */
export async function ran(command: () => Promise<unknown>): Promise<Ran> {
  const printed = { out: "", err: "" };
  const take = (to: "out" | "err") => (text: unknown) => {
    printed[to] += String(text);
    return true;
  };
  const line = (to: "out" | "err") => (text: unknown) => void take(to)(`${String(text)}\n`);
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(take("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(take("err")),
    vi.spyOn(console, "log").mockImplementation(line("out")),
    vi.spyOn(console, "error").mockImplementation(line("err")),
  ];
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await command();
    const { out, err } = printed;
    return { code: Number(process.exitCode), out: stripVTControlCharacters(out), err: stripVTControlCharacters(err) };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
