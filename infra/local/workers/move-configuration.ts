import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { WranglerConfig, WranglerFile } from "../../project/wrangler-file.ts";

/**
 * Settings that a local copy must not have: where the Worker is deployed; crons, which `wrangler dev` does not run; and ports, which only the first
 * Worker has.
 */
const DROPPED = ["$schema", "env", "route", "routes", "account_id", "triggers"];
const DROPPED_OF_DEV = ["ip", "port", "inspector_ip", "inspector_port", "local_protocol", "upstream_protocol", "host"];

/** A wrangler configuration that has the same meaning in another directory: its paths are relative to that directory. */
export function movedTo(directory: string, file: WranglerFile): WranglerConfig {
  const from = dirname(file.path);
  // Relative, since wrangler joins paths to the configuration's directory, whether or not it would accept an absolute one.
  const move = (path: string) => (isAbsolute(path) ? path : relative(directory, resolve(from, path)) || ".");
  const { build, alias, dev, ...rest } = without(file.config, DROPPED);
  return {
    ...rest,
    name: file.name,
    ...(file.main === undefined ? {} : { main: file.main }),
    ...movedPaths(rest, ["tsconfig", "base_dir"], move),
    ...movedWithin(rest, "assets", ["directory"], move),
    ...movedWithin(rest, "site", ["bucket", "entry-point"], move),
    ...movedValues(rest, ["wasm_modules", "text_blobs", "data_blobs"], move),
    ...(build === undefined ? {} : { build: movedBuild(build, from, move) }),
    ...(alias === undefined ? {} : { alias: movedAlias(alias, move) }),
    ...(dev === undefined ? {} : { dev: without(dev as Record<string, unknown>, DROPPED_OF_DEV) }),
  };
}

type Move = (path: string) => string;
type Table = Readonly<Record<string, unknown>>;

function without<T extends Table>(table: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key))) as T;
}

function movedPaths(table: Table, keys: readonly string[], move: Move): Table {
  return Object.fromEntries(keys.flatMap((key) => (typeof table[key] === "string" ? [[key, move(table[key])]] : [])));
}

function movedWithin(config: Table, key: string, keys: readonly string[], move: Move): Table {
  const table = config[key];
  return isTable(table) ? { [key]: { ...table, ...movedPaths(table, keys, move) } } : {};
}

function movedValues(config: Table, keys: readonly string[], move: Move): Table {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const table = config[key];
      return isTable(table) ? [[key, { ...table, ...movedPaths(table, Object.keys(table), move) }]] : [];
    }),
  );
}

/** A build command runs in the directory of its configuration, where a person would have called wrangler. */
function movedBuild(
  { cwd = ".", watch_dir = "./src", ...rest }: NonNullable<WranglerConfig["build"]>,
  from: string,
  move: Move,
) {
  return { ...rest, cwd: resolve(from, cwd), watch_dir: [watch_dir].flat().map(move) };
}

/** The name of a module stays; a path is relative to the configuration. */
function movedAlias(alias: Readonly<Record<string, string>>, move: Move): Record<string, string> {
  const moved = (target: string) => (/^\.{1,2}\//.test(target) ? move(target) : target);
  return Object.fromEntries(Object.entries(alias).map(([from, target]) => [from, moved(target)]));
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
