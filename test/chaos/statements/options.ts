import { parseArgs } from "node:util";

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
 * Reads `--seconds S --seed N`; `undefined` if help is asked for.
 *
 * @throws Error that says what is wrong.
 */
export function readOptions(args: string[]): FuzzOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return {
    seconds: number("--seconds", values.seconds, 1, 86_400),
    seed: number("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
  };
}

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= min && value <= max) return value;
  throw new Error(`${name} must be a number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}
