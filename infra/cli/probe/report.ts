import { printable } from "../../../schema/text/printable.ts";
import type { Latency, Measured } from "./measure.ts";

/** The measurements, as tables for a page. */
export function reportOf({ calls, atOnce, latency }: Measured, asked: number): string {
  const made = Object.entries({
    "one request": calls.request,
    "one step": calls.step,
    "one instance, 100 calls a step": calls.instance,
  });
  return [
    row("calls of", "made", "then"),
    "| --- | --: | --- |",
    ...made.map(([name, { made: n, refusal }]) => row(name, n, refusal ?? `nothing: ${asked} were asked for`)),
    "",
    row("calls at once, in a step of 200", "made", "ms", "then"),
    "| --- | --: | --: | --- |",
    ...atOnce.map(({ atOnce: n, made: all, ms, refusal }) => row(n, all, ms, refusal ?? "")),
    "",
    row("latency", "least, ms", "median", "most"),
    "| --- | --: | --: | --: |",
    row("from create() to a Workflow instance's beginning", ...figuresOf(latency.workflow)),
    row("from send() to a queue's consumer", ...figuresOf(latency.queue)),
  ].join("\n");
}

const figuresOf = ({ min, median, max }: Latency) => [min, median, max];

const row = (...cells: readonly (string | number)[]) =>
  `| ${cells.map((cell) => printable(String(cell)).replaceAll("|", "\\|")).join(" | ")} |`;
