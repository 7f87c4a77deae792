import { fileURLToPath } from "node:url";
import { readWranglerFile } from "../../infra/project/wrangler-file.ts";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The part of the repository's wrangler configurations that the tests read. */
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
  durable_objects?: { bindings?: { name: string; class_name: string; script_name?: string }[] };
  migrations?: { tag: string; new_sqlite_classes: string[] }[];
  r2_buckets?: { binding: string; bucket_name: string }[];
  vars?: Record<string, unknown>;
}

/** Reads a wrangler configuration, e.g. `workers/hub/wrangler.jsonc`. */
export function readWranglerConfig(file: string): WranglerConfig {
  return readWranglerFile(`${ROOT}/${file}`).config as WranglerConfig;
}
