import { execFileSync } from "node:child_process";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { arch, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Row } from "./bench.ts";
import type { Costs } from "./cases/counts.ts";
import type { Floor } from "./floor.ts";

/** The results of a run, as test/bench/results keeps them. */
export interface Results {
  date: string;
  machine: string;
  /** The commit that was measured, with `-dirty` if files differ from it. */
  commit: string;
  /** The command that started it. */
  command: string;
  /** The duration of all runs that it comes from. */
  seconds: number;
  floor: Floor;
  rows: Row[];
  costs: Costs | undefined;
}

const file = (name: string) => fileURLToPath(new URL(`./results/${name}`, import.meta.url));

/** The results of the last full run, which test/bench/README.md shows; its charts are beside it. */
export const FULL = file("full.json");
export const CHARTS = { light: file("chart-light.svg"), dark: file("chart-dark.svg") };
export const QUICK = file("quick.json");

/** Writes a file completely or not at all, so that an interrupted run leaves the earlier results. */
export async function writeResult(path: string, content: string): Promise<void> {
  await mkdir(file("."), { recursive: true });
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

export const formatResults = (results: Results): string => `${JSON.stringify(results, round, 2)}\n`;

/** @throws Error if there is none yet: run `npm run bench` first. */
export async function readResults(path: string): Promise<Results> {
  return JSON.parse(await readFile(path, "utf8")) as Results;
}

/** A short description of this machine. */
export function machine(ramDisk: boolean): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} × ${first?.model.trim() || arch()}, ${memory} GB, Node ${process.versions.node}, ${ramDisk ? "RAM disk" : "disk"}`;
}

/** The commit that is checked out, with `-dirty` if anything but results differs from it; `unknown` outside of a repository. */
export function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: file(".."), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    const dirty = git("status", "--porcelain", "--", ":/", ":(exclude,top)test/bench/results") !== "";
    return `${git("rev-parse", "--short=12", "HEAD")}${dirty ? "-dirty" : ""}`;
  } catch {
    return "unknown";
  }
}

/** Four significant digits: the rest is noise. */
const round = (_key: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
