import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the tests read of a wrangler configuration. */
export interface WranglerConfig {
  name: string;
  main: string;
  compatibility_date: string;
  workers_dev: boolean;
  observability?: { enabled: boolean };
  rules?: { type: "Text"; globs: string[]; fallthrough?: boolean }[];
  triggers?: { crons: string[] };
  queues?: {
    producers?: { binding: string; queue: string }[];
    consumers?: { queue: string; max_batch_size: number; max_batch_timeout: number; max_retries: number }[];
  };
  workflows?: { binding: string; name: string; class_name: string; script_name?: string }[];
  services?: { binding: string; service: string; entrypoint?: string; props?: Record<string, unknown> }[];
  r2_buckets?: { binding: string; bucket_name: string }[];
  vars?: Record<string, unknown>;
}

/** Reads a wrangler configuration, e.g. `workers/hub/wrangler.jsonc`. */
export function readWranglerConfig(file: string): WranglerConfig {
  const { config, error } = ts.parseConfigFileTextToJson(file, readFileSync(`${ROOT}/${file}`, "utf8"));
  if (error !== undefined) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(error.messageText, "\n")}`);
  return config as WranglerConfig;
}

/** The members of an interface as it is written: name, type, and whether it may be left out. */
export function readInterface(file: string, name: string): { name: string; type: string; optional: boolean }[] {
  const source = ts.createSourceFile(file, readFileSync(`${ROOT}/${file}`, "utf8"), ts.ScriptTarget.Latest);
  const found = source.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  if (found === undefined || !ts.isInterfaceDeclaration(found)) throw new Error(`${file} has no interface ${name}`);
  if (found.heritageClauses !== undefined) throw new Error(`${file}: ${name} extends something: read that, too`);
  return found.members.filter(ts.isPropertySignature).map((member) => ({
    name: member.name.getText(source),
    type: member.type?.getText(source) ?? "",
    optional: member.questionToken !== undefined,
  }));
}
