import { WrongCall } from "../../infra/cli/exit.ts";
import { numberOption } from "../../infra/cli/number-option.ts";
import { parseOptions } from "../../infra/cli/script-call.ts";
import { DESTINATIONS } from "./destinations.ts";

/** The options of a run of the campaign. */
export interface CampaignOptions {
  /** How long load and faults last. The recovery after them is added to this. */
  seconds: number;
  /** The same seed repeats the load and the plan of faults. */
  seed: number;
  /** Calls of `emit` per second. */
  rate: number;
  /** Whether to keep the run's directory even if nothing was violated. */
  keep: boolean;
  /** Whether the hub has its alarm. Then reconciling is only its backstop, and looks once a minute instead of every two seconds. After the load comes a silence. */
  alarm: boolean;
  /** The destinations that get all the load; left out, all of them. */
  to: readonly string[] | undefined;
  /** How the collector behaves to which everything is traced; left out, nothing is traced. */
  collector: CollectorMood | undefined;
}

/** `hang`: it never answers, cuts the connection or answers late, at random. */
export type CollectorMood = (typeof COLLECTORS)[number];

const COLLECTORS = ["hang"] as const;

export const HELP = `npm run chaos -- [--seconds S] [--seed N] [--rate R] [--to NAME,...] [--alarm]
                 [--collector hang] [--keep]

The failure campaign: a steady load on the local stack's parts, and faults at random, then a comparison of the database with what every
destination saw. It prints what it found. Exit 1 if a promise was broken, with the seed that repeats it; 2 after a wrong call.

  --seconds S    how long load and faults last (default 120); the recovery comes on top
  --seed N       repeats the load and the plan of faults (default: another one each time)
  --rate R       calls of emit a second (default 5)
  --to NAME,...  all the load to these destinations (default: to all), of
                 ${Object.keys(DESTINATIONS).join(", ")}
  --alarm        the hub's alarm says when to look, and no cron; after the load,
                 single events in silence, each with a fault of its own
  --collector hang
                 every emit and attempt is traced, to a collector that never
                 answers, cuts the connection or answers late, at random
  --keep         keep the evidence and the Workers' log also if nothing was broken
  --help         this`;

/**
 * Reads the options of {@link HELP}.
 *
 * @throws {WrongCall}
 */
export function readOptions(args: readonly string[]): CampaignOptions {
  const values = parseOptions(args, {
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000) },
    rate: { type: "string", default: "5" },
    to: { type: "string" },
    keep: { type: "boolean", default: false },
    alarm: { type: "boolean", default: false },
    collector: { type: "string" },
  });
  return {
    seconds: numberOption("seconds", values.seconds, 1, 86_400),
    seed: numberOption("seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    rate: numberOption("rate", values.rate, 0.1, 1_000),
    keep: values.keep,
    alarm: values.alarm,
    to: values.to === undefined ? undefined : names(values.to),
    collector: values.collector === undefined ? undefined : mood(values.collector),
  };
}

function mood(text: string): CollectorMood {
  const known = COLLECTORS.find((one) => one === text);
  if (known !== undefined) return known;
  throw new WrongCall(`--collector must be ${COLLECTORS.join(" or ")}, got ${JSON.stringify(text)}`);
}

function names(text: string): string[] {
  const given = text.split(",");
  const unknown = given.find((name) => !Object.hasOwn(DESTINATIONS, name));
  if (unknown === undefined) return given;
  throw new WrongCall(`--to must be some of ${Object.keys(DESTINATIONS).join(", ")}, got ${JSON.stringify(unknown)}`);
}
