/** The paths of a configuration whose values an index finds. */

import { MAX_FILTER_PATH, toPostgresPlace } from "../payload/postgres-path.ts";
import { MAX_PAYLOAD_INDEXES } from "../vocabulary/limits.ts";
import { at, type Faults, type Place, show } from "./faults.ts";

/** Reads the paths as they are written. Adds invalid paths to `faults`, and those that lead to the same place as an earlier one. */
export function readIndexes(input: unknown, place: Place, faults: Faults): readonly string[] | undefined {
  if (input === undefined) return undefined;
  if (!Array.isArray(input)) {
    faults.add(place, `must be an array of paths such as "$.order.id", got ${show(input)}`);
    return undefined;
  }
  if (input.length > MAX_PAYLOAD_INDEXES) {
    faults.add(
      place,
      `must have at most ${MAX_PAYLOAD_INDEXES} paths, because each slows every emit, got ${input.length}`,
    );
    return undefined;
  }
  const taken = new Map<string, number>();
  for (const [index, path] of input.entries()) {
    const here = at(place, index);
    const found = typeof path === "string" ? toPostgresPlace(path) : undefined;
    if (found === undefined) {
      faults.add(
        here,
        `must be a JSONPath of names and indexes, without wildcards, such as "$.order.id", of at most ${MAX_FILTER_PATH} characters, got ${show(path)}`,
      );
      continue;
    }
    const before = taken.get(found);
    if (before === undefined) taken.set(found, index);
    else faults.add(here, `leads to the same place as indexes[${before}]: ${show(path)}`);
  }
  return input;
}
