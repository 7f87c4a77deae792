import { basename, dirname, resolve } from "node:path";
import { parse as parseToml, TomlError } from "smol-toml";
import { BINDING_LISTS } from "../../schema/config/destinations/index.ts";
import { FileFaults, JsonFile, readText } from "./json-file.ts";
import { tomlPlace } from "./toml-place.ts";

/** The parts of a wrangler configuration that are read here, with the types that wrangler requires. A person may have written anything. */
export interface WranglerConfig {
  name?: string;
  main?: string;
  compatibility_date?: string;
  compatibility_flags?: string[];
  workers_dev?: boolean;
  observability?: { enabled?: boolean };
  build?: { command?: string; cwd?: string; watch_dir?: string | string[] };
  alias?: Record<string, string>;
  dev?: { port?: number };
  triggers?: { crons?: string[] };
  queues?: {
    producers?: { binding?: string; queue?: string }[];
    consumers?: { queue?: string; max_batch_size?: number; max_batch_timeout?: number; max_retries?: number }[];
  };
  workflows?: { binding?: string; name?: string; class_name?: string; script_name?: string }[];
  services?: { binding?: string; service?: string; entrypoint?: string; props?: Record<string, unknown> }[];
  durable_objects?: { bindings?: { name?: string; class_name?: string; script_name?: string }[] };
  migrations?: { tag?: string; new_sqlite_classes?: string[] }[];
  exports?: Record<string, { type?: string; storage?: string }>;
  r2_buckets?: { binding?: string; bucket_name?: string }[];
  vars?: Record<string, unknown>;
  [other: string]: unknown;
}

/** A wrangler configuration that is a file. */
export interface WranglerFile {
  /** An absolute path. */
  path: string;
  format: "json" | "toml";
  /** The file's text. */
  text: string;
  config: WranglerConfig;
  /** The Worker's name, or the directory's if the file has none. */
  name: string;
  /** The absolute path of its main module; `undefined` if it has none, like a Worker with assets only. */
  main: string | undefined;
  /** The place of a value, as `<file>:<line>:<column>`, or of the nearest enclosing one. */
  place(keys: readonly (string | number)[]): string;
}

/** The parts of a configuration that are lists of objects: the bindings of destinations, and others. */
const LISTS = [
  ...new Set([
    ...BINDING_LISTS.keys(),
    ...["services", "workflows", "durable_objects.bindings", "migrations", "queues.producers", "queues.consumers"],
  ]),
].map((name) => ({ name, keys: name.split(".") }));

/**
 * Reads a wrangler configuration: JSON, with or without comments, or TOML.
 *
 * @throws {FileFaults} With the place of what cannot be read.
 */
export function readWranglerFile(path: string): WranglerFile {
  const format = path.endsWith(".toml") ? "toml" : "json";
  const { text, config, place } = format === "toml" ? readToml(path) : readJson(path);
  const { name, main } = config;
  refuseOthersThanLists(config, place);
  return {
    path,
    format,
    text,
    config,
    name: typeof name === "string" && name !== "" ? name : basename(dirname(path)),
    main: typeof main === "string" ? resolve(dirname(path), main) : undefined,
    place,
  };
}

/** Refuses what wrangler refuses, too, so that later code need not check it. @throws {FileFaults} With the place of each. */
function refuseOthersThanLists(config: WranglerConfig, place: WranglerFile["place"]): void {
  const faults = LISTS.flatMap(({ name, keys }) => {
    const list = keys.reduce<unknown>((value, key) => (value as WranglerConfig | null | undefined)?.[key], config);
    if (list === undefined) return [];
    if (!Array.isArray(list)) return [`${place(keys)}: ${name} must be a list`];
    return list.flatMap((entry, index) =>
      typeof entry === "object" && entry !== null
        ? []
        : [`${place([...keys, index])}: ${name}[${index}] must be an object`],
    );
  });
  if (faults.length > 0) throw new FileFaults(faults);
}

type Read = Pick<WranglerFile, "text" | "config" | "place">;

function readJson(path: string): Read {
  const file = new JsonFile(path);
  return {
    text: file.text,
    config: file.object("a wrangler configuration") as WranglerConfig,
    place: (keys) => file.place(keys),
  };
}

function readToml(path: string): Read {
  const text = readText(path);
  try {
    return { text, config: parseToml(text) as WranglerConfig, place: (keys) => `${path}:${tomlPlace(text, keys)}` };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new FileFaults([`${path}:${error.line}:${error.column}: is not TOML: ${error.message.split("\n")[0]}`]);
  }
}
