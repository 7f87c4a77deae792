import Table from "cli-table3";
import type { CommandTiming } from "./run-commands.ts";
import type { TaskTiming } from "./run-tasks.ts";
import type { Timing } from "./time-page.ts";

/** Marks values that are over their limits. */
const mark = (isOver: boolean): string => (isOver ? "!" : "");

const ms = (value: number | null): string => (value === null ? "" : value.toFixed(0));

export function pageTable(timings: readonly Timing[]): string {
  const head = [
    "page",
    "",
    "status",
    "kB",
    "first ms",
    "median ms",
    "worst ms",
    "database ms",
    "interactive ms",
    "whole ms",
    "",
  ];
  return table(
    head,
    timings.map((one) => [
      one.path,
      one.kind === "page" ? "" : one.kind,
      String(one.status),
      (one.bytes / 1_000).toFixed(0),
      ...[one.firstMs, one.serverMs, one.worstMs, one.databaseMs, one.interactiveMs, one.wholeMs].map(ms),
      mark(one.slow),
    ]),
  );
}

export function taskTable(timings: readonly TaskTiming[]): string {
  return table(
    ["task", "clicks", "at most", "ms", ""],
    timings.map((one) => [one.name, String(one.clicks), String(one.most), ms(one.ms), mark(one.clicks > one.most)]),
  );
}

export function commandTable(timings: readonly CommandTiming[]): string {
  return table(
    ["command", "ms", "exit code", "the last that it said"],
    timings.map((one) => [one.command, ms(one.ms), String(one.code), one.said]),
  );
}

const NUMBERS = ["kB", "status", "clicks", "at most", "exit code"];

function table(head: string[], rows: readonly string[][]): string {
  const made = new Table({
    head,
    colAligns: head.map((name) => (NUMBERS.includes(name) || name.endsWith("ms") ? "right" : "left")),
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  made.push(...rows);
  return made.toString();
}
