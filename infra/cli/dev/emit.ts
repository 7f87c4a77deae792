import type { EmitResult } from "../../../schema/contract/index.ts";
import { printable } from "../../../schema/text/printable.ts";
import type { Stack } from "../../local/stack.ts";
import type { Project } from "../../project/project.ts";
import { exampleOf } from "./example.ts";
import type { Printer } from "./printer.ts";

const TIMEOUT_MS = 30_000;

/** Emits a payload that a route takes, and reports it. @returns The answer; `undefined` if it was refused, which is reported, too. */
export async function emitExample(
  { origin }: Stack,
  project: Project,
  printer: Printer,
): Promise<EmitResult | undefined> {
  const body = JSON.stringify(exampleOf(project));
  printer.line(`emit ${printable(body)}`);
  try {
    const response = await fetch(`${origin}/emit`, { method: "POST", body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as EmitResult;
    printer.warn(`the hub refused it: ${(JSON.parse(text) as { error?: string }).error ?? text}`);
  } catch (error) {
    printer.warn(`it was not emitted: ${error instanceof Error ? error.message : String(error)}`);
  }
  return undefined;
}
