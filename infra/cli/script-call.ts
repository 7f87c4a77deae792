import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { complain, EXIT, exitCodeOf, WrongCall } from "./exit.ts";

/** Part of the help of scripts that people run on a hub: the exit codes that a script has. */
export const SCRIPT_EXIT_HELP = "Exit codes: 0 done; 1 it went wrong, and stderr says why; 2 a wrong call.";

/** A script of package.json that is no command of `eventhub`. */
export interface Script {
  /** Its name in package.json. */
  name: string;
  /** What `--help` prints. */
  help: string;
}

/**
 * Reads a script's options with `read`. After `--help` it prints the help, and after a wrong call what is wrong in one line. Both end the process,
 * with 0 or 2.
 */
export function readCall<T>({ name, help }: Script, read: (args: string[]) => T): T {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(help);
    process.exit(EXIT.ok);
  }
  try {
    return read(args);
  } catch (error) {
    complain(error);
    if (exitCodeOf(error) === EXIT.wrongCall) console.error(`See npm run ${name} -- --help`);
    process.exit();
  }
}

/** {@link readCall} for a script without options. */
export function readBareCall(name: string, does: string): void {
  readCall({ name, help: `npm run ${name}\n\n${does}` }, (args) => parseOptions(args, {}));
}

/**
 * The values of the options.
 *
 * @throws {WrongCall} for an option or argument that is not among them.
 */
export function parseOptions<const O extends ParseArgsOptionsConfig>(args: readonly string[], options: O) {
  return orWrongCall(() => parseArgs({ args: [...args], options })).values;
}

/** {@link parseOptions} of a script that also takes arguments. */
export function parseOptionsAndArguments<const O extends ParseArgsOptionsConfig>(args: readonly string[], options: O) {
  return orWrongCall(() => parseArgs({ args: [...args], options, allowPositionals: true }));
}

function orWrongCall<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // The rest of Node's message explains `--`, which npm takes away.
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split(/\. To specify|\n/);
    throw new WrongCall(first, { cause: error });
  }
}
