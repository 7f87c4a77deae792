import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { WranglerConfig, WranglerFile } from "../../project/wrangler-file.ts";

/**
 * What has no place in a copy that runs locally: where it is deployed; crons, which `wrangler dev` does not run; and ports, which only its first
 * Worker has.
 */
const DROPPED = ["$schema", "env", "route", "routes", "account_id", "triggers"];
const DROPPED_OF_DEV = ["ip", "port", "inspector_ip", "inspector_port", "local_protocol", "upstream_protocol", "host"];

/** A wrangler configuration as it means the same in another directory: the paths in it are as seen from there. */
export function movedTo(directory: string, file: WranglerFile): WranglerConfig {
  const from = dirname(file.path);
  // As wrangler joins it to the configuration's directory, whether or not it would take an absolute one.
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

/** A command runs in the directory of its configuration, where a person would have called wrangler. */
function movedBuild(
  { cwd = ".", watch_dir = "./src", ...rest }: NonNullable<WranglerConfig["build"]>,
  from: string,
  move: Move,
) {
  return { ...rest, cwd: resolve(from, cwd), watch_dir: [watch_dir].flat().map(move) };
}

/** A module's name stays; a path is as seen from the configuration. */
function movedAlias(alias: Readonly<Record<string, string>>, move: Move): Record<string, string> {
  const moved = (target: string) => (/^\.{1,2}\//.test(target) ? move(target) : target);
  return Object.fromEntries(Object.entries(alias).map(([from, target]) => [from, moved(target)]));
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
