import { confirm, isCancel, multiselect, select } from "@clack/prompts";
import { WrongCall } from "../exit.ts";
import { inRoot, type Survey } from "./survey.ts";
import { DEFAULT_TEMPLATE, TEMPLATES, type Template } from "./templates.ts";

/** The options of the command. */
export interface InitOptions {
  template?: Template;
  name?: string;
  yes?: boolean;
  dryRun?: boolean;
  root?: string;
}

/** What to write. */
export interface Choices {
  template: Template;
  /** The Workers of the project that get the hub's binding. */
  producers: Survey["workers"];
}

/** A question in the terminal was cancelled, e.g. with Ctrl-C. */
export class Cancelled extends Error {}

/** @throws {WrongCall} If the name is not valid for Workers. */
export function refuseName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) {
    throw new WrongCall(`--name must be 1 to 41 of a-z, 0-9 and -, a letter first, got ${JSON.stringify(name)}`);
  }
}

/** Decides what to write. What the options leave open is asked if `asks`, and otherwise what most people want. */
export async function choose({ template }: InitOptions, found: Survey, asks: boolean): Promise<Choices> {
  return {
    template: template ?? (asks ? await askTemplate() : DEFAULT_TEMPLATE),
    producers: asks && found.workers.length > 1 ? await askProducers(found) : found.emitting,
  };
}

async function askTemplate(): Promise<Template> {
  const options = Object.entries(TEMPLATES).map(([value, label]) => ({ value: value as Template, label }));
  return answered(await select({ message: "What should init write?", options }));
}

async function askProducers({ root, workers, emitting }: Survey): Promise<Survey["workers"]> {
  const options = workers.map((worker) => ({
    value: worker,
    label: worker.name,
    hint: inRoot(root, worker.path),
  }));
  const message = "Which of your Workers emit events? They will get the binding EVENTHUB.";
  return answered(await multiselect({ message, options, initialValues: emitting, required: false }));
}

/** Asks whether to write the files. */
export async function askToWrite(files: number): Promise<boolean> {
  return answered(await confirm({ message: files === 1 ? "Write this file?" : `Write these ${files} files?` }));
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Cancelled();
  return answer as Exclude<T, symbol>;
}
