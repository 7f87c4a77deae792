import { relative } from "node:path";
import { printable } from "../../../schema/text/printable.ts";

/** Something that a project's configurations lack or contradict. */
export interface Finding {
  /** A `note` may be intended. With a `fault`, something does not work. */
  severity: "fault" | "note";
  /** `<file>:<line>:<column>`, absolute; or the name of whatever else it is about. */
  place: string;
  what: string;
  /** What to do. */
  todo: string;
}

/** A finding with which something does not work. */
export const fault = (place: string, what: string, todo: string): Finding => ({ severity: "fault", place, what, todo });

/** A finding that may be intended. */
export const note = (place: string, what: string, todo: string): Finding => ({ severity: "note", place, what, todo });

/** A place, with its path relative to a directory. */
export function placeFrom(directory: string, place: string): string {
  const [, path = place, rest = ""] = /^(\/.*?|[A-Za-z]:\\.*?)((?::\d+)*)$/.exec(place) ?? [];
  return path.startsWith("/") || path.includes(":\\") ? (relative(directory, path) || ".") + rest : place;
}

/** A finding in one line: `<file>:<line>:<column>: <what>; <what to do>`. */
export function findingText({ severity, place, what, todo }: Finding, directory = process.cwd()): string {
  return printable(`${placeFrom(directory, place)}: ${severity === "note" ? "note: " : ""}${what}; ${todo}`);
}
