import { confirm, isCancel, multiselect, select } from "@clack/prompts";
import { WrongCall } from "../exit.ts";
import { inRoot, type Survey } from "./survey.ts";
import { DEFAULT_TEMPLATE, TEMPLATES, type Template } from "./templates.ts";

/** What was typed. */
export interface InitOptions {
  template?: Template;
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

/** @throws {WrongCall} If Workers cannot be called so. */
export function refuseName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) {
    throw new WrongCall(`--name must be 1 to 41 of a-z, 0-9 and -, a letter first, got ${JSON.stringify(name)}`);
  }
}

/** What is to be written, as far as it was not said: asked where `asks`, else what most people want. */
export async function choose({ template }: InitOptions, found: Survey, asks: boolean): Promise<Choices> {
  return {
    template: template ?? (asks ? await askTemplate() : DEFAULT_TEMPLATE),
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
