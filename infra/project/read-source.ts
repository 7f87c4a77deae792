import { readFileSync } from "node:fs";
import type { WranglerFile } from "./wrangler-file.ts";

/** The parts of a module that are read here. No parser is loaded, since a Worker's main module has them in a few plain forms. */
export interface Source {
  text: string;
  /** The same text, with equal length, but with blanks in place of comments and the contents of strings. */
  code: string;
  /** Its imports and re-exports, without those of types alone. */
  imports: Import[];
}

/** An import of a module, or a re-export of one. */
export interface Import {
  /** The part before `from`: `routing`, `{ Hub }`, `* as all`. Empty for an import without names. */
  clause: string;
  specifier: string;
  /** The offset of the specifier in the text. */
  offset: number;
}

const REMARK = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;
const STRING = /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/;
/** A slash where a value may begin is not a division. */
const PATTERN = /(?<=[=(,:[!&|?{};]\s*|\breturn\s+)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//;
const NO_CODE = new RegExp([REMARK, STRING, PATTERN].map(({ source }) => source).join("|"), "g");

const IMPORT = /\b(?:import|export)\b\s*(?:([\w$*{][^"'`;=()]*?)\s*\bfrom\s*)?(["'])( *)\2/dg;

/** Only types: `type { Hub }`, `type Hub`, `{ type Hub }`. */
const TYPES = /^(?:type(?:\s+[\w$]|\s*[{*])|\{\s*(?:type\s[^,}]*,?\s*)+\}$)/;

/** Reads the text of a module, JavaScript or TypeScript. */
export function readSource(text: string): Source {
  const code = text.replaceAll(NO_CODE, blank);
  const imports = [...code.matchAll(IMPORT)].flatMap((found): Import[] => {
    const [, clause = ""] = found;
    const [from, to] = found.indices?.[3] ?? [0, 0];
    return TYPES.test(clause) ? [] : [{ clause, specifier: text.slice(from, to), offset: from }];
  });
  return { text, code, imports };
}

/** Blanks of the same length, which keep a string's quotes and all line ends. */
function blank(part: string): string {
  const quote = /^["'`]/.exec(part)?.[0] ?? " ";
  return quote + part.slice(1, -1).replaceAll(/[^\r\n]/g, " ") + (part.length > 1 ? quote : "");
}

/** By file, each of which is read once. A project that is read again has new ones. */
const READ = new WeakMap<WranglerFile, Source>();

/** A Worker's main module; an empty one if there is none. */
export function moduleOf(file: WranglerFile): Source {
  const read = READ.get(file) ?? readSource(textOf(file));
  READ.set(file, read);
  return read;
}

/** The text of a Worker's main module; empty if there is none. */
export const sourceOf = (file: WranglerFile): string => moduleOf(file).text;

function textOf({ main }: WranglerFile): string {
  try {
    return main === undefined ? "" : readFileSync(main, "utf8");
  } catch {
    return "";
  }
}
