import { readFileSync } from "node:fs";
import type { WranglerFile } from "./wrangler-file.ts";

/** A module as far as it is read here: no parser is loaded for what a Worker's main module says in a few plain ways. */
export interface Source {
  text: string;
  /** The same, as long as the text, with blanks for its remarks and for what is in its strings. */
  code: string;
  /** What it imports, or gives on, and is not for the types alone. */
  imports: Import[];
}

/** An import of a module, or an export of what it exports. */
export interface Import {
  /** What stands before `from`: `routing`, `{ Hub }`, `* as all`; empty for an import of nothing. */
  clause: string;
  specifier: string;
  /** Where the specifier begins in the text. */
  offset: number;
}

const REMARK = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;
const STRING = /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/;
/** A slash where a value may begin divides nothing. */
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

/** Nothing as long, with a string's quotes and every line's end. */
function blank(part: string): string {
  const quote = /^["'`]/.exec(part)?.[0] ?? " ";
  return quote + part.slice(1, -1).replaceAll(/[^\r\n]/g, " ") + (part.length > 1 ? quote : "");
}

/** By file, of which each is read once: a project that is read anew has others. */
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
