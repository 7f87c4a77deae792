import { readFileSync } from "node:fs";
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { RouteConfigFault } from "../../schema/config/faults.ts";
import type { EventPayload } from "../../schema/contract/index.ts";
import { ErrorOfLines } from "../cli/exit.ts";

/** The faults of a file, one per line: `<file>:<line>:<column>: <where>: <what>`. */
export class FileFaults extends ErrorOfLines {
  constructor(lines: readonly string[]) {
    super([...lines, lines.length === 1 ? "1 fault" : `${lines.length} faults`]);
  }
}

/** A JSON file, possibly with comments and trailing commas, that knows the places of its values. */
export class JsonFile {
  /** Whether it has no comments and no trailing commas, as a JSON module requires. */
  readonly strict: boolean;
  readonly text: string;
  readonly #path: string;
  readonly #root: Node | undefined;
  readonly #lineStarts: readonly number[];

  /** @throws FileFaults if the file cannot be read, is not JSON, or has an object that names a key twice. */
  constructor(path: string) {
    this.#path = path;
    this.text = readText(path);
    this.#lineStarts = [0, ...[...this.text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)];
    const errors: ParseError[] = [];
    this.#root = parseTree(this.text, errors, { disallowComments: false, allowTrailingComma: true });
    this.strict = isStrict(this.text);
    const faults = errors.map(({ error, offset }) =>
      this.#at(offset, `is not JSON: ${words(printParseErrorCode(error))}`),
    );
    // JSON takes the last of two members with one name, so the first one would be lost silently.
    if (faults.length === 0 && this.#root !== undefined) faults.push(...this.#repeatedKeys(this.#root));
    if (faults.length > 0) throw new FileFaults(faults);
  }

  value(): unknown {
    return this.#root && toValue(this.#root);
  }

  /** @throws FileFaults if the file contains anything but an object; `what` names it. */
  object(what = "a payload"): EventPayload {
    if (this.#root?.type === "object") return toValue(this.#root) as EventPayload;
    throw new FileFaults([this.#at(0, `${what} must be a JSON object`)]);
  }

  /** A fault of the value as a line, with the line and column of the place that it names, or of the nearest enclosing one in the file. */
  line({ path, message }: RouteConfigFault): string {
    const keys = readKeys(path);
    let node = this.#find(keys);
    const exact = node !== undefined;
    while (node === undefined && keys.length > 0) {
      keys.pop();
      node = this.#find(keys);
    }
    // For a key that should not exist, the place is that of the key, and not of its value.
    const key =
      exact && /^(is not a known key|cannot be combined with \w+: put)/.test(message)
        ? node?.parent?.children?.[0]
        : undefined;
    return this.#at((key ?? node)?.offset ?? 0, path === "" ? message : `${path}: ${message}`);
  }

  /** The place of a value, as `<file>:<line>:<column>`. If the file lacks it, the nearest enclosing one. */
  place(keys: readonly (string | number)[]): string {
    let found: Node | undefined;
    for (let length = keys.length; length >= 0 && found === undefined; length--)
      found = this.#find(keys.slice(0, length));
    return this.#place(found?.offset ?? 0);
  }

  #find(keys: readonly (string | number)[]): Node | undefined {
    return this.#root && findNodeAtLocation(this.#root, [...keys]);
  }

  #repeatedKeys(node: Node): string[] {
    const names = new Set<string>();
    return (node.children ?? []).flatMap((child) => {
      const key = child.type === "property" ? child.children?.[0] : undefined;
      const repeated =
        key !== undefined && names.has(key.value) ? [this.#at(key.offset, `names ${key.value} a second time`)] : [];
      if (key !== undefined) names.add(key.value);
      return [...repeated, ...this.#repeatedKeys(child)];
    });
  }

  #at(offset: number, message: string): string {
    return `${this.#place(offset)}: ${message}`;
  }

  #place(offset: number): string {
    const index = this.#lineStarts.findLastIndex((start) => start <= offset);
    return `${this.#path}:${index + 1}:${offset - (this.#lineStarts[index] ?? 0) + 1}`;
  }
}

function isStrict(text: string): boolean {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  return errors.length === 0;
}

/** What JSON.parse would return for the value without its comments: a member named __proto__ is an ordinary member. */
function toValue({ type, value, children = [] }: Node): unknown {
  if (type === "array") return children.map(toValue);
  if (type !== "object") return value;
  return Object.fromEntries(
    children.map(({ children: [key, member] = [] }) => [key?.value, member && toValue(member)]),
  );
}

/** The text of a file. @throws FileFaults if it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new FileFaults([`${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** `CloseBraceExpected` as "close brace expected". */
function words(code: string): string {
  return code.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** The keys of a place such as `routes[2].condition["a b"]`. */
function readKeys(path: string): (string | number)[] {
  return [...path.matchAll(/\.?([A-Za-z_$][\w$]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
    ([, name, index, quoted]) => {
      if (index !== undefined) return Number(index);
      return name ?? JSON.parse(quoted ?? '""');
    },
  );
}
