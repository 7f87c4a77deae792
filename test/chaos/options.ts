import { parseArgs } from "node:util";

/** What a run of the campaign is asked for. */
export interface CampaignOptions {
  /** How long load and faults last. The recovery after them comes on top. */
  seconds: number;
  /** Repeats the load and the plan of faults. */
  seed: number;
  /** Calls of `emit` a second. */
  rate: number;
  /** Whether to keep the run's directory also if nothing was violated. */
  keep: boolean;
}

/** Reads `--seconds S --seed N --rate R [--keep]`. @throws Error that says what is wrong. */
export function readOptions(args: string[]): CampaignOptions {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "120" },
      seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
      rate: { type: "string", default: "5" },
      keep: { type: "boolean", default: false },
    },
  });
  return {
    seconds: number("--seconds", values.seconds, 1, 86_400),
    seed: number("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    rate: number("--rate", values.rate, 0.1, 1_000),
    keep: values.keep,
  };
}

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= min && value <= max) return value;
  throw new Error(`${name} must be a number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}
