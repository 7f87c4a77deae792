import { parseArgs } from "node:util";
import { DESTINATIONS } from "./destinations.ts";

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
  /** The destinations that all the load goes to; left out, all of them. */
  to: readonly string[] | undefined;
}

/** Reads `--seconds S --seed N --rate R [--to NAME,...] [--keep]`. @throws Error that says what is wrong. */
export function readOptions(args: string[]): CampaignOptions {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "120" },
      seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
      rate: { type: "string", default: "5" },
      to: { type: "string" },
      keep: { type: "boolean", default: false },
    },
  });
  return {
    seconds: number("--seconds", values.seconds, 1, 86_400),
    seed: number("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    rate: number("--rate", values.rate, 0.1, 1_000),
    keep: values.keep,
    to: values.to === undefined ? undefined : names(values.to),
  };
}

function names(text: string): string[] {
  const given = text.split(",");
  const unknown = given.find((name) => !Object.hasOwn(DESTINATIONS, name));
  if (unknown === undefined) return given;
  throw new Error(`--to must be some of ${Object.keys(DESTINATIONS).join(", ")}, got ${JSON.stringify(unknown)}`);
}

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= min && value <= max) return value;
  throw new Error(`${name} must be a number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}
