import pc from "picocolors";
import { printable, printableLines } from "../../../schema/text/printable.ts";
import type { StackMessage } from "../../local/logs/message.ts";
import type { Project } from "../../project/project.ts";

/** Prints what happens, harmless whoever wrote it. */
export interface Printer {
  /** Lines of ours, colours and all. */
  line(text: string): void;
  warn(text: string): void;
  /** What a Worker or the stack has to say. */
  message(message: StackMessage): void;
}

type Colour = (text: string) => string;

const COLOURS: readonly Colour[] = [pc.cyan, pc.magenta, pc.yellow, pc.blue, pc.green];
const OF_LEVEL: Readonly<Record<StackMessage["level"], Colour>> = {
  info: (text) => text,
  warn: pc.yellow,
  error: pc.red,
};

/** A printer for the Workers of a project, each with its colour. What the hub's own parts log it prints if `verbose`. */
export function createPrinter({ root, hub, executor, console: ours, own }: Project, verbose: boolean): Printer {
  const colours = new Map(own.map(({ name }, i) => [name, COLOURS[i % COLOURS.length] ?? pc.cyan]));
  const parts = new Set([hub, executor, ours].map((file) => file?.name));
  const width = Math.max(0, ...own.map(({ name }) => name.length));
  const print = (from: string, text: string) => console.log(`${from} ${pc.dim("│")} ${text}`);
  return {
    line: (text) => console.log(text),
    warn: (text) => console.log(pc.yellow(printableLines(text))),
    message: ({ from, level, text, ours = false }) => {
      const isParts = ours || (from !== undefined && parts.has(from));
      if (isParts && !verbose && (level !== "error" || isOfDelivery(text))) return;
      const name = printable(from ?? "eventhub").padEnd(width);
      const shown = (colours.get(from ?? "") ?? pc.dim)(name);
      // As people know their files, and editors open them.
      const relative = text.replaceAll(`file://${root}/`, "");
      for (const line of printableLines(relative).split("\n")) print(shown, OF_LEVEL[level](line));
    },
  };
}

/** What a line of a delivery says already. */
const isOfDelivery = (text: string): boolean => text.startsWith('{"event":"dispatch.');
