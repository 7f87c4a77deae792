import { findNodeAtLocation, type Node, type ParseError, parse, parseTree } from "jsonc-parser";

/** Where a value stands: the keys that lead to it. */
export type JsonPath = readonly string[];

/** The value of a text of JSON with comments and trailing commas; `undefined` if it is none. */
export function readJson(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : undefined;
}

/**
 * The text with one member more in the object at `path`; every other character stays. jsonc-parser's own `modify` would lay out the lines around
 * it anew, and move comments.
 *
 * @param sorted It goes where the alphabet has it; otherwise to the end.
 * @returns `undefined` if there is no object that it could go into.
 */
export function addMember(
  text: string,
  path: JsonPath,
  key: string,
  value: unknown,
  sorted = false,
): string | undefined {
  const parent = nodeAt(text, path);
  if (parent?.type !== "object") return undefined;
  const next = sorted ? parent.children?.find(({ children }) => children?.[0]?.value > key) : undefined;
  const entry = `${JSON.stringify(key)}: ${written(value, text, indentOf(text, parent) + unitOf(text))}`;
  return checked(next === undefined ? append(text, parent, entry) : putBefore(text, next, entry));
}

/** The same with one element more at the end of the array at `path`. */
export function addElement(text: string, path: JsonPath, value: unknown): string | undefined {
  const parent = nodeAt(text, path);
  return parent?.type === "array" ? checked(append(text, parent, written(value, text, ""))) : undefined;
}

/** A text that people wrote may be more than was foreseen. */
const checked = (text: string) => (readJson(text) === undefined ? undefined : text);

function nodeAt(text: string, path: JsonPath): Node | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root && findNodeAtLocation(root, [...path]);
}

/** A value as people write it: an object of a section over several lines, and what is in an array in one. */
function written(value: unknown, text: string, indent: string): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null || indent === "") return inOneLine(value);
  return JSON.stringify(value, null, unitOf(text)).replaceAll("\n", eolOf(text) + indent);
}

function inOneLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${JSON.stringify(member)}`)
    .join(", ")} }`;
}

function append(text: string, parent: Node, entry: string): string {
  const last = parent.children?.at(-1);
  if (last === undefined) return intoEmpty(text, parent, entry);
  const end = last.offset + last.length;
  const comma = commaAfter(text, end);
  const before = comma === undefined ? `${text.slice(0, end)},` : text.slice(0, comma + 1);
  const rest = text.slice(comma === undefined ? end : comma + 1);
  const indent = ownLine(text, last);
  if (indent === undefined) return `${before} ${entry}${rest}`;
  // What is said behind the last one is said of it.
  const [remark = ""] = /^[ \t]*(\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)/.exec(rest) ?? [];
  return `${before}${remark}${eolOf(text)}${indent}${entry}${comma === undefined ? "" : ","}${rest.slice(remark.length)}`;
}

function putBefore(text: string, next: Node, entry: string): string {
  const indent = ownLine(text, next);
  const between = indent === undefined ? " " : eolOf(text) + indent;
  return `${text.slice(0, next.offset)}${entry},${between}${text.slice(next.offset)}`;
}

function intoEmpty(text: string, { offset, length, type }: Node, entry: string): string {
  const inside = text.slice(offset + 1, offset + length - 1);
  const close = offset + length - 1;
  // Within comments it goes to their end, on a line of its own.
  if (inside.trim() === "" && type === "array" && !inside.includes("\n")) {
    return text.slice(0, offset + 1) + entry + text.slice(close);
  }
  const indent = indentOf(text, { offset });
  const kept = inside.trimEnd();
  return `${text.slice(0, offset + 1)}${kept}${eolOf(text)}${indent}${unitOf(text)}${entry}${eolOf(text)}${indent}${text.slice(close)}`;
}

/** Where the comma behind a value is, with nothing but remarks between; `undefined` if there is none. */
function commaAfter(text: string, end: number): number | undefined {
  const between = /^(?:\s|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*(?=,)/.exec(text.slice(end));
  return between === null ? undefined : end + between[0].length;
}

/** What is in front of a value that begins its line; `undefined` if it does not. */
function ownLine(text: string, { offset }: Node): string | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(start, offset);
  return start > 0 && line.trim() === "" ? line : undefined;
}

/** How the line that a value begins in is indented. */
function indentOf(text: string, { offset }: Pick<Node, "offset">): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";
}

const unitOf = (text: string) => /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";

const eolOf = (text: string) => (text.includes("\r\n") ? "\r\n" : "\n");
