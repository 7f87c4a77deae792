import pc from "picocolors";
import { printable, printableLines } from "../../../schema/text/printable.ts";
import { isRoutine, type StackMessage } from "../../local/logs/message.ts";
import { type Project, partsOf } from "../../project/project.ts";

/** Prints what happens. Its output is harmless, whoever wrote the text. */
export interface Printer {
  /** Lines of our own, with their colours. */
  line(text: string): void;
  warn(text: string): void;
  /** A message of a Worker or of the stack. */
  message(message: StackMessage): void;
}

type Colour = (text: string) => string;

const COLOURS: readonly Colour[] = [pc.cyan, pc.magenta, pc.yellow, pc.blue, pc.green];
const OF_LEVEL: Readonly<Record<StackMessage["level"], Colour>> = {
  info: (text) => text,
  warn: pc.yellow,
  error: pc.red,
};

/** A printer for the Workers of a project, each with its own colour. It prints what the hub's own parts log only if `verbose`. */
export function createPrinter(project: Project, verbose: boolean): Printer {
  const { root, own } = project;
  const colours = new Map(own.map(({ name }, i) => [name, COLOURS[i % COLOURS.length] ?? pc.cyan]));
  const parts = new Set(partsOf(project).map(({ name }) => name));
  const width = Math.max(0, ...own.map(({ name }) => name.length));
  const print = (from: string, text: string) => console.log(`${from} ${pc.dim("│")} ${text}`);
  return {
    line: (text) => console.log(text),
    warn: (text) => console.log(pc.yellow(printableLines(text))),
    message: (message) => {
      const { from, level, text, ours = false } = message;
      const isParts = ours || (from !== undefined && parts.has(from));
      if (isParts && !verbose && isRoutine(message)) return;
      const name = printable(from ?? "eventhub").padEnd(width);
      const shown = (colours.get(from ?? "") ?? pc.dim)(name);
      // In the form that people know, and that editors open.
      const relative = text.replaceAll(`file://${root}/`, "");
      for (const line of printableLines(relative).split("\n")) print(shown, OF_LEVEL[level](line));
    },
  };
}
