import type { Stack } from "../../local/stack.ts";
import { urlOf } from "./banner.ts";
import type { Printer } from "./printer.ts";

/** Opens the console in this machine's browser. If there is none, prints the address. */
export async function openConsole(stack: Stack, printer: Printer): Promise<void> {
  const url = urlOf(stack);
  printer.line(`opening ${url}`);
  try {
    const { default: open } = await import("open");
    const browser = await open(url);
    browser.once("error", () => printer.warn(`no browser could be started: open ${url} yourself`));
  } catch {
    printer.warn(`no browser could be started: open ${url} yourself`);
  }
}
