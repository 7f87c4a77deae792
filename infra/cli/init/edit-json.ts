import { findNodeAtLocation, type Node, type ParseError, parse, parseTree } from "jsonc-parser";

/** The keys that lead to a value. */
export type JsonPath = readonly string[];

/** The value of a JSON text with comments and trailing commas; `undefined` if it is invalid. */
export function readJson(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : undefined;
}

/**
 * Adds one member to the object at `path`, and leaves every other character as it is. jsonc-parser's own `modify` would reformat the lines around it,
 * and move comments.
 *
 * @param sorted Insert it in alphabetical order; default: at the end.
 * @returns `undefined` if there is no object at `path`.
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

/** Adds one element to the end of the array at `path`, in the same way. */
export function addElement(text: string, path: JsonPath, value: unknown): string | undefined {
  const parent = nodeAt(text, path);
  return parent?.type === "array" ? checked(append(text, parent, written(value, text, ""))) : undefined;
}

/** The result must still be valid: texts that people wrote may have unforeseen forms. */
const checked = (text: string) => (readJson(text) === undefined ? undefined : text);

function nodeAt(text: string, path: JsonPath): Node | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root && findNodeAtLocation(root, [...path]);
}

/** A value in the usual format: the object of a section on several lines, and an element of an array on one. */
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
  // A comment behind the last member belongs to that member.
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
  // Within comments, it goes behind the last one, on a line of its own.
  if (inside.trim() === "" && type === "array" && !inside.includes("\n")) {
    return text.slice(0, offset + 1) + entry + text.slice(close);
  }
  const indent = indentOf(text, { offset });
  const kept = inside.trimEnd();
  return `${text.slice(0, offset + 1)}${kept}${eolOf(text)}${indent}${unitOf(text)}${entry}${eolOf(text)}${indent}${text.slice(close)}`;
}

/** The place of the comma behind a value, with only comments between; `undefined` if there is none. */
function commaAfter(text: string, end: number): number | undefined {
  const between = /^(?:\s|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)*(?=,)/.exec(text.slice(end));
  return between === null ? undefined : end + between[0].length;
}

/** The indentation before a value that begins its line; `undefined` if it does not begin one. */
function ownLine(text: string, { offset }: Node): string | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(start, offset);
  return start > 0 && line.trim() === "" ? line : undefined;
}

/** The indentation of the line in which a value begins. */
function indentOf(text: string, { offset }: Pick<Node, "offset">): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";
}

const unitOf = (text: string) => /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";

const eolOf = (text: string) => (text.includes("\r\n") ? "\r\n" : "\n");
