import { confirm, isCancel, multiselect, select } from "@clack/prompts";
import { WrongCall } from "../exit.ts";
import { inRoot, type Survey } from "./survey.ts";

/** What can be written, by the name that `--template` has. */
export const TEMPLATES = {
  example: "hub, executor, console, and an order that goes from a producer to a consumer, with its test",
  minimal: "hub, executor and console, without routes",
} as const;

export type Template = keyof typeof TEMPLATES;

/** What was typed. */
export interface InitOptions {
  template?: string;
  name?: string;
  yes?: boolean;
  dryRun?: boolean;
  root?: string;
}

/** What is to be written. */
export interface Choices {
  template: Template;
  /** The Workers of the project that get the hub's binding. */
  producers: Survey["workers"];
}

/** Something of the terminal's was cancelled, with Ctrl-C say. */
export class Cancelled extends Error {}

/** @throws {WrongCall} If it is none. */
export function templateOf(given: string | undefined): Template | undefined {
  if (given === undefined || Object.hasOwn(TEMPLATES, given)) return given as Template | undefined;
  throw new WrongCall(
    `there is no template ${JSON.stringify(given)}: give one of ${Object.keys(TEMPLATES).join(", ")}`,
  );
}

/** @throws {WrongCall} If Workers cannot be called so. */
export function refuseName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) {
    throw new WrongCall(`--name must be 1 to 41 of a-z, 0-9 and -, a letter first, got ${JSON.stringify(name)}`);
  }
}

/** What is to be written, as far as it was not said: asked where `asks`, else what most people want. */
export async function choose({ template }: InitOptions, found: Survey, asks: boolean): Promise<Choices> {
  return {
    template: templateOf(template) ?? (asks ? await askTemplate() : "example"),
    producers: asks && found.workers.length > 1 ? await askProducers(found) : found.workers,
  };
}

async function askTemplate(): Promise<Template> {
  const options = Object.entries(TEMPLATES).map(([value, label]) => ({ value: value as Template, label }));
  return answered(await select({ message: "What shall be written?", options }));
}

async function askProducers({ root, workers }: Survey): Promise<Survey["workers"]> {
  const options = workers.map((worker) => ({
    value: worker,
    label: worker.name,
    hint: inRoot(root, worker.path),
  }));
  const message = "Which of your Workers emit events? They get the binding EVENTHUB.";
  return answered(await multiselect({ message, options, initialValues: workers, required: false }));
}

/** Whether the files shall be written. */
export async function askToWrite(files: number): Promise<boolean> {
  return answered(await confirm({ message: files === 1 ? "Write this file?" : `Write these ${files} files?` }));
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Cancelled();
  return answer as Exclude<T, symbol>;
}
