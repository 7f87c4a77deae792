import { type Command, InvalidArgumentError, Option } from "commander";
import type { FlowState } from "../../../../schema/contract/flow.ts";
import { KEY_WAITS, KEYS_OF } from "../../../../schema/vocabulary/statuses.ts";
import { METHODS } from "../../../../workers/hub/operator/methods.ts";
import { OperatorError } from "../../../../workers/hub/operator/operator-error.ts";
import type { MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { OptionOf } from "../../completion/option-of.ts";
import { EXIT } from "../../exit.ts";
import { defined } from "../given-options.ts";
import { print } from "../print.ts";
import { until } from "../read-times.ts";
import { showFlow, showFlows } from "../show-flow.ts";
import { repeatable } from "./acting.ts";
import { calling, type MethodCommand, type MethodWork, type Typed } from "./command.ts";
import { integer, positive, words } from "./filter-options.ts";

/** Lifts a limit. It is a word, since commander treats null as nothing at all. */
const NONE = "none";

const lifted = (value: unknown) => (value === NONE ? null : value);

/** `100/1`: the number of calls, and per how many seconds. */
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

/** `--of`: the type of key. */
const ofKind = (help: string) => new Option("--of <kind>", help).choices(KEYS_OF);

const reasoned = (command: Command) =>
  repeatable(command)
    .addOption(ofKind("a key of its limits or of its order; default: whichever it has"))
    .option("--reason <text>", "the reason, for people who look later");

const withReason = ({ placed, options: { of, reason, operationId } }: Typed) => [
  ...placed,
  defined({ of, reason, operationId }),
];

/** The setting for `set-flow`. @throws OperatorError for a burst without its rate */
function setting({ options }: Typed): object {
  const { key, rate, burst, concurrency, weight, until } = options;
  if (burst !== undefined && (rate === undefined || rate === NONE))
    throw new OperatorError("invalid_arguments", "--burst: needs a --rate");
  const whole = burst === undefined ? lifted(rate) : { ...(rate as object), burst };
  return defined({ key, rate: whole, concurrency: lifted(concurrency), weight, until });
}

/** `flow`: lists the requested keys; with `busiest`, only those that have something to do. */
const flows: MethodWork = async ({ options }, context, json) => {
  const { of, destination, key, waitingFor, held, busiest, limit, cursor } = options;
  const page = await METHODS.flows.run(
    context,
    defined({ of, destination, key, waitingFor, held }),
    defined({ order: busiest === true ? "busiest" : undefined, limit, cursor }),
  );
  const items = busiest === true ? page.items.filter((flow) => !isIdle(flow)) : page.items;
  print({ ...page, items }, json, showFlows);
  if (items.length === 0) process.exitCode = EXIT.notFound;
};

/** Nothing of the key is waiting or being called, and nothing holds it. */
const isIdle = ({ waiting, behind, inFlight, heldBy, pausedAt }: FlowState) =>
  waiting + behind + inFlight === 0 && heldBy === null && pausedAt === null;

/** The commands about limits and order. */
export const FLOW: { readonly [Name in MethodName]?: MethodCommand } = {
  flows: {
    options: (command) =>
      command
        .addOption(ofKind("keys of limits (default), or of an order"))
        .option("--destination <name>", "only of this one")
        .option("--key <key>", "only this key")
        .addOption(
          new OptionOf("--waiting-for <waits>", `of ${KEY_WAITS.join(", ")}; several with commas`, {
            values: KEY_WAITS,
            several: true,
          }).argParser(words),
        )
        .option("--held", "only keys whose order is held by something that failed")
        .option("--busiest", "those with most waiting first, one page; not those with nothing to do")
        .option("--limit <n>", "at most this many keys", integer)
        .option("--cursor <cursor>", "the next page, from the cursor that a page gave"),
    work: flows,
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
        .option("--key <key>", "for this key, not for the whole destination")
        .option("--rate <calls/seconds>", "such as 100/1; none lifts it", rate)
        .option("--burst <n>", "how many calls of the rate at once", positive)
        .option("--concurrency <n>", "calls in flight; none lifts it", concurrency)
        .option("--weight <n>", "with a key: its turns for each turn of the others", weight)
        .requiredOption("--until <time>", "how long it applies: 30m, 2h, 1d (from now), or ISO 8601", until),
    work: calling("setFlow", showFlow, (typed) => [
      ...typed.placed,
      setting(typed),
      defined({ operationId: typed.options.operationId }),
    ]),
    examples: ["BILLING --rate 20/1 --until 2h", "BILLING --key cust-17 --concurrency 1 --until 1d"],
  },
  resetFlow: {
    options: (command) => repeatable(command).option("--key <key>", "for this key, not for the whole destination"),
    work: calling("resetFlow", showFlow, ({ placed, options: { key, operationId } }) => [
      ...placed,
      defined({ key, operationId }),
    ]),
    examples: ["BILLING", "BILLING --key cust-17"],
  },
};
