import { readSource } from "./read-source.ts";

/** The exports of a module. */
export interface Exports {
  names: ReadonlySet<string>;
  /** Whether it re-exports everything of another module. */
  open: boolean;
}

const DECLARED =
  /\bexport\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:class|function\b\s*\*?|const|let|var|enum)\s+([\w$]+)/g;
const LISTED = /\bexport\s*\{([^}]*)\}/g;
const NAMESPACE = /\bexport\s*\*\s*as\s+([\w$]+)/g;
const DEFAULT = /\bexport\s+default\b/;
const ALL_OF_ANOTHER = /\bexport\s*\*\s*from\b/;

/** The names that a module exports, recognised by their usual spelling in JavaScript or TypeScript. Exports of types do not count. */
export function exportsOf(source: string): Exports {
  const { code } = readSource(source);
  const listed = [...code.matchAll(LISTED)].flatMap(([, list = ""]) => list.split(",")).map((entry) => entry.trim());
  return {
    names: new Set([
      ...[...code.matchAll(DECLARED), ...code.matchAll(NAMESPACE)].map(([, name = ""]) => name),
      ...listed
        .filter((entry) => entry !== "" && !/^type\s/.test(entry))
        .map((entry) => entry.split(/\s+as\s+/).at(-1) ?? ""),
      ...(DEFAULT.test(code) ? ["default"] : []),
    ]),
    open: ALL_OF_ANOTHER.test(code),
  };
}
