import { numberOption } from "../../../infra/cli/number-option.ts";
import { parseOptions } from "../../../infra/cli/script-call.ts";

/** The options of a run of the fuzzer. */
export interface FuzzOptions {
  seconds: number;
  /** Repeats what each client does and what goes wrong. How their statements interleave depends on the machine. */
  seed: number;
}

export const HELP = `npm run chaos:statements -- [--seconds S] [--seed N]

Some thirty clients run the hub's own statements and operators' code against each other, on a Postgres of its own, with holds inside
transactions, deaths and lost answers, while the database watches the invariants. Exit 1 if one was violated.

  --seconds S  how long (default 60)
  --seed N     repeats what each client does and what goes wrong (default: another one each time)
  --help       this`;

/**
 * Reads the options of {@link HELP}.
 *
 * @throws {WrongCall}
 */
export function readOptions(args: readonly string[]): FuzzOptions {
  const values = parseOptions(args, {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
  });
  return {
    seconds: numberOption("seconds", values.seconds, 1, 86_400),
    seed: numberOption("seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
  };
}
