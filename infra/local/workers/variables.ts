import { readFileSync } from "node:fs";
import { secretFilesInUse } from "../../project/secret-files.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";
import { UserError } from "../../user-error.ts";

/**
 * The text of the `.dev.vars` beside a configuration's copy: first the project's own variables, and after them those of the stack, which so take
 * precedence.
 */
export function variablesOf(file: WranglerFile, set: Readonly<Record<string, string>>): string {
  return [...secretFilesInUse(file).map((path) => readFileSync(path, "utf8").trimEnd()), formatVariables(set)]
    .filter((text) => text !== "")
    .join("\n");
}

/** Variables in the form of a `.dev.vars` file, with exact values. @throws {UserError} If no quoting of such files can hold a value. */
export function formatVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join("");
}

/**
 * A value in the first kind of quotes that preserves it. Within quotes, only the same quote has a meaning, and it cannot be escaped; in double
 * quotes, a backslash has one, too. A backslash before the closing quote would escape it.
 *
 * @see https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow
 */
function quoted(name: string, value: string): string {
  const quote = value.endsWith("\\") ? undefined : ["'", "`"].find((one) => !value.includes(one));
  if (quote !== undefined) return `${quote}${value}${quote}`;
  if (!/["\\]/.test(value)) return `"${value}"`;
  if (/^[^\s'"`#][^\r\n#]*(?<!\s)$/.test(value)) return value;
  throw new UserError(
    `The value of ${name} cannot be passed to the local Workers: it contains all kinds of quotes, or ends with a backslash.`,
  );
}
