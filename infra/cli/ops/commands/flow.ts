import { type Command, InvalidArgumentError, Option } from "commander";
import { ISO_TIME_RULE, parseIsoTime } from "../../../../schema/vocabulary/iso-time.ts";
import { KEY_WAITS, KEYS_OF } from "../../../../schema/vocabulary/statuses.ts";
import { OperatorError } from "../../../../workers/hub/operator/operator-error.ts";
import type { MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { OptionOf } from "../../completion/option-of.ts";
import { defined } from "../options.ts";
import { showFlow, showFlows } from "../show-flow.ts";
import { repeatable } from "./acting.ts";
import { calling, type MethodCommand, type Typed } from "./command.ts";
import { integer, positive } from "./filter-options.ts";

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/** A moment to come: in `30m`, `2h`, `1d`, or ISO 8601 with its zone. */
function until(text: string): string {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([mhd])$/.exec(text) ?? [];
  const time = amount === undefined ? parseIsoTime(text) : Date.now() + Number(amount) * (UNITS[unit] ?? 0) * 1_000;
  if (time === undefined)
    throw new InvalidArgumentError(`Give a time as 30m, 2h or 1d (from now), or as ${ISO_TIME_RULE}.`);
  return new Date(time).toISOString();
}

/** Lifts a limit. As a word, since commander takes null for nothing at all. */
const NONE = "none";

const lifted = (value: unknown) => (value === NONE ? null : value);

/** `100/1`: calls, and in how many seconds. */
function rate(text: string): { limit: number; perSeconds: number } | typeof NONE {
  if (text === NONE) return NONE;
  const [, limit, seconds] = /^(\d+(?:\.\d+)?)\/(\d+)$/.exec(text) ?? [];
  if (limit === undefined) throw new InvalidArgumentError("Give it as 100/1 (calls/seconds), or none.");
  return { limit: Number(limit), perSeconds: Number(seconds) };
}

const concurrency = (text: string) => (text === NONE ? NONE : positive(text));

function weight(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("Give a number.");
  return Number(text);
}

const words = (text: string) => text.split(",");

/** `--of`: which kind of key. */
const ofKind = (help: string) => new Option("--of <kind>", help).choices(KEYS_OF);

const reasoned = (command: Command) =>
  repeatable(command)
    .addOption(ofKind("a key of its limits or of its order; default: what it has keys of"))
    .option("--reason <text>", "why, for those who look later");

const withReason = ({ placed, options: { of, reason, operationId } }: Typed) => [
  ...placed,
  defined({ of, reason, operationId }),
];

/** What `set-flow` sets. @throws OperatorError for a burst without its rate */
function setting({ options }: Typed): object {
  const { key, rate, burst, concurrency, weight, until } = options;
  if (burst !== undefined && (rate === undefined || rate === NONE))
    throw new OperatorError("invalid_arguments", "--burst: goes with a --rate");
  const whole = burst === undefined ? lifted(rate) : { ...(rate as object), burst };
  return defined({ key, rate: whole, concurrency: lifted(concurrency), weight, until });
}

/** The commands about limits and order. */
export const FLOW: { readonly [Name in MethodName]?: MethodCommand } = {
  flows: {
    options: (command) =>
      command
        .addOption(ofKind("keys of limits (default), or of an order"))
        .option("--destination <name>", "of this one only")
        .option("--key <key>", "this key only")
        .addOption(
          new OptionOf("--waiting-for <waits>", `of ${KEY_WAITS.join(", ")}; several with commas`, {
            values: KEY_WAITS,
            several: true,
          }).argParser(words),
        )
        .option("--held", "those of which something that failed holds an order")
        .option("--busiest", "those with most waiting first, one page")
        .option("--limit <n>", "most keys of a page", integer)
        .option("--cursor <cursor>", "the page after the one that gave it"),
    work: calling("flows", showFlows, ({ options }) => {
      const { of, destination, key, waitingFor, held, busiest, limit, cursor } = options;
      return [
        defined({ of, destination, key, waitingFor, held }),
        defined({ order: busiest === true ? "busiest" : undefined, limit, cursor }),
      ];
    }),
    examples: [
      "--destination BILLING --busiest",
      "--held",
      "--destination BILLING --waiting-for rate,concurrency",
      "--of order --busiest",
    ],
  },
  pauseKey: {
    options: reasoned,
    work: calling("pauseKey", showFlow, withReason),
    examples: ['BILLING cust-17 --reason "floods us, asked them"'],
  },
  resumeKey: { options: reasoned, work: calling("resumeKey", showFlow, withReason), examples: ["BILLING cust-17"] },
  setFlow: {
    options: (command) =>
      repeatable(command)
        .option("--key <key>", "of this key, not of the whole destination")
        .option("--rate <calls/seconds>", "as 100/1; none lifts it", rate)
        .option("--burst <n>", "how many of the rate at once", positive)
        .option("--concurrency <n>", "calls under way; none lifts it", concurrency)
        .option("--weight <n>", "with a key: turns that it takes where others take one", weight)
        .requiredOption("--until <time>", "how long it holds: 30m, 2h, 1d (from now), or ISO 8601", until),
    work: calling("setFlow", showFlow, (typed) => [
      ...typed.placed,
      setting(typed),
      defined({ operationId: typed.options.operationId }),
    ]),
    examples: ["BILLING --rate 20/1 --until 2h", "BILLING --key cust-17 --concurrency 1 --until 1d"],
  },
  resetFlow: {
    options: (command) => repeatable(command).option("--key <key>", "of this key, not of the whole destination"),
    work: calling("resetFlow", showFlow, ({ placed, options: { key, operationId } }) => [
      ...placed,
      defined({ key, operationId }),
    ]),
    examples: ["BILLING", "BILLING --key cust-17"],
  },
};
