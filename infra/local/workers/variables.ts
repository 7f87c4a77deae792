import { readFileSync } from "node:fs";
import { secretFilesInUse } from "../../project/secret-files.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";
import { UserError } from "../../user-error.ts";

/**
 * The text of the `.dev.vars` beside a configuration's copy: what the project has beside the configuration, and behind it, so that it holds,
 * what the stack sets.
 */
export function variablesOf(file: WranglerFile, set: Readonly<Record<string, string>>): string {
  return [...secretFilesInUse(file).map((path) => readFileSync(path, "utf8").trimEnd()), formatVariables(set)]
    .filter((text) => text !== "")
    .join("\n");
}

/** Variables as a file of them has them, each value as it is. @throws {UserError} If none of the file's ways to quote can hold a value. */
export function formatVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join("");
}

/**
 * A value in the first quotes that keep it: within them nothing means anything but the same quote, which cannot be escaped, and in double ones a
 * backslash. A backslash before the closing quote would take it away.
 * @see https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow
 */
function quoted(name: string, value: string): string {
  const quote = value.endsWith("\\") ? undefined : ["'", "`"].find((one) => !value.includes(one));
  if (quote !== undefined) return `${quote}${value}${quote}`;
  if (!/["\\]/.test(value)) return `"${value}"`;
  if (/^[^\s'"`#][^\r\n#]*(?<!\s)$/.test(value)) return value;
  throw new UserError(
    `The value of ${name} cannot be given to the Workers here: it has all kinds of quotes, or ends with a backslash.`,
  );
}
