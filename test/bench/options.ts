import { WrongCall } from "../../infra/cli/exit.ts";
import { parseOptions } from "../../infra/cli/script-call.ts";

/** The options of `npm run bench`. */
export interface Options {
  quick: boolean;
  /** Whether to print test/bench/README.md from the last full run, and measure nothing. */
  readme: boolean;
  /** The letters of the cases to run; all if left out. */
  cases: ReadonlySet<string> | undefined;
}

export const LETTERS = "abcdefghi";

export const HELP = `npm run bench -- [--quick] [--readme] [--cases abc]
  --quick      the essential cases, in under 45 s; nothing is written but test/bench/results/quick.json
  --readme     print test/bench/README.md from the last full run
  --cases abc  only these cases; the last full run keeps its others, if it was of the same commit on the same machine:
               a bursts, b slow handler, c emit, d idle, e retries, f payloads, g full tables, h counts, i group sizes`;

/** @throws {WrongCall} */
export function readOptions(args: readonly string[]): Options {
  const values = parseOptions(args, {
    quick: { type: "boolean", default: false },
    readme: { type: "boolean", default: false },
    cases: { type: "string" },
  });
  const unknown = [...(values.cases ?? "")].filter((letter) => !LETTERS.includes(letter));
  if (unknown.length > 0) throw new WrongCall(`there is no case ${unknown.join(", ")}`);
  return {
    quick: values.quick,
    readme: values.readme,
    cases: values.cases === undefined ? undefined : new Set(values.cases),
  };
}
