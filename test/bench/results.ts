import { execFileSync } from "node:child_process";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { arch, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Row } from "./bench.ts";
import type { Costs } from "./cases/counts.ts";
import type { Floor } from "./floor.ts";

/** What a run gave, as it is kept in test/bench/results. */
export interface Results {
  date: string;
  machine: string;
  /** What was measured: the commit, with `-dirty` if files differ from it. */
  commit: string;
  /** How it was started. */
  command: string;
  /** Of all runs that it comes from. */
  seconds: number;
  floor: Floor;
  rows: Row[];
  costs: Costs | undefined;
}

const file = (name: string) => fileURLToPath(new URL(`./results/${name}`, import.meta.url));

/** The last full run's, that test/bench/README.md shows; its charts beside it. */
export const FULL = file("full.json");
export const CHARTS = { light: file("chart-light.svg"), dark: file("chart-dark.svg") };
export const QUICK = file("quick.json");

/** Writes all of a file or nothing: a run that is interrupted leaves the results of before. */
export async function writeResult(path: string, content: string): Promise<void> {
  await mkdir(file("."), { recursive: true });
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

export const formatResults = (results: Results): string => `${JSON.stringify(results, round, 2)}\n`;

/** @throws If there is none yet: run `npm run bench` first. */
export async function readResults(path: string): Promise<Results> {
  return JSON.parse(await readFile(path, "utf8")) as Results;
}

/** This machine in a few words. */
export function machine(ramDisk: boolean): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} × ${first?.model.trim() || arch()}, ${memory} GB, Node ${process.versions.node}, ${ramDisk ? "RAM disk" : "disk"}`;
}

/** The commit that is checked out, `-dirty` if anything but results differs from it; `unknown` outside a repository. */
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
