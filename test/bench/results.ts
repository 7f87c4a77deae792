import { mkdir, readFile, writeFile } from "node:fs/promises";
import { arch, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Row } from "./bench.ts";
import type { Costs } from "./cases/counts.ts";
import type { Floor } from "./floor.ts";

/** What a run gave, as it is kept in test/bench/results. */
export interface Results {
  date: string;
  machine: string;
  /** How it was started. */
  command: string;
  seconds: number;
  floor: Floor;
  rows: Row[];
  costs: Costs | undefined;
}

const file = (name: string) => fileURLToPath(new URL(`./results/${name}`, import.meta.url));

/** The last full run's, that the README shows; its chart beside it. */
export const FULL = file("full.json");
export const CHART = file("chart.svg");
export const QUICK = file("quick.json");

export async function writeResults(path: string, results: Results): Promise<void> {
  await mkdir(file("."), { recursive: true });
  await writeFile(path, `${JSON.stringify(results, round, 2)}\n`);
}

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

/** Four significant digits: the rest is noise. */
const round = (_key: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
