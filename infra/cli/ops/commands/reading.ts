import { type Command, Option } from "commander";
import { toldFault } from "../../../../schema/text/told-fault.ts";
import { DEFAULT_LISTED_OPERATIONS, DEFAULT_PAGE_ITEMS } from "../../../../schema/vocabulary/defaults.ts";
import { MAX_PAGE_ITEMS } from "../../../../schema/vocabulary/operator-limits.ts";
import { OPERATION_ACTIONS } from "../../../../schema/vocabulary/statuses.ts";
import { examineDeployment } from "../../../../workers/hub/operator/examine-deployment.ts";
import type { MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { OptionOf } from "../../completion/option-of.ts";
import { EXIT } from "../../exit.ts";
import { defined } from "../given-options.ts";
import { print } from "../print.ts";
import { moment } from "../read-times.ts";
import { showRouteHealth, showStats, showTraffic } from "../show-counts.ts";
import { showDeployment } from "../show-deployment.ts";
import { showDestinations } from "../show-destinations.ts";
import { showDispatch } from "../show-dispatches.ts";
import { showEvent } from "../show-events.ts";
import { showFindings } from "../show-findings.ts";
import { showOperation, showOperations } from "../show-operations.ts";
import { showProblems } from "../show-problems.ts";
import { calling, EXAMPLE_ID, type MethodCommand, type Typed } from "./command.ts";
import { EXPLAIN } from "./explain.ts";
import { addDispatchFilter, addEventFilter, positive } from "./filter-options.ts";
import { searchDispatches, searchEvents } from "./searching.ts";
import { TAIL } from "./tail.ts";

const paged = (command: Command) =>
  command
    .addOption(new Option("--order <order>", "which first").choices(["newest", "oldest"]))
    .option("--limit <n>", `at most this many items (default: ${DEFAULT_PAGE_ITEMS})`, positive)
    .option("--max-scan <n>", "about how many rows to look at for what no index finds", positive)
    .option("--cursor <cursor>", "the next page, from the cursor that a page gave");

const since = (command: Command) => command.option("--since <time>", "default: a day ago", moment);

const bucketed = (command: Command) =>
  since(command).addOption(
    new OptionOf("--bucket <bucket>", "minute, hour (default), day or seconds", { values: ["minute", "hour", "day"] }),
  );

const buckets = ({ options: { since, bucket } }: Typed) => {
  const seconds = typeof bucket === "string" && /^\d+$/.test(bucket) ? Number(bucket) : bucket;
  return [defined({ since, bucket: seconds })];
};

/** The commands that read: their options, and how they show answers. */
export const READING: { readonly [Name in MethodName]?: MethodCommand } = {
  listDispatches: {
    options: (command) => paged(addDispatchFilter(command)),
    work: searchDispatches,
    examples: ["--status failed,lost --since 12h", "--destination BILLING --overdue", "--payload '$.order.id=17'"],
  },
  listEvents: {
    options: (command) => paged(addEventFilter(command)),
    work: searchEvents,
    examples: ["--since 1h", "--payload '$.order.id=17' --limit 1", "--idempotency-key order-17-paid"],
  },
  getDispatch: { work: calling("getDispatch", showDispatch), examples: [EXAMPLE_ID] },
  getEvent: { work: calling("getEvent", showEvent), examples: [EXAMPLE_ID] },
  find: {
    work: calling("find", showFindings, undefined, ({ places }) => places.flatMap(({ found }) => found).length),
    examples: ["17", '"order 17 never arrived"'],
  },
  listDestinations: {
    work: calling("listDestinations", showDestinations, undefined, ({ length }) => length),
    examples: [""],
  },
  explain: EXPLAIN,
  listOperations: {
    options: (command) =>
      command
        .option("--by <actor>", "who did it")
        .addOption(new Option("--action <action>", "what was done").choices(OPERATION_ACTIONS))
        .option("--since <time>", "begun then or later", moment)
        .option("--until <time>", "begun before", moment)
        .option("--limit <n>", `most items, up to ${MAX_PAGE_ITEMS} (default: ${DEFAULT_LISTED_OPERATIONS})`, positive)
        .option("--after <id>", "what is older than this one, the last of a page"),
    work: calling(
      "listOperations",
      showOperations,
      ({ options }) => {
        const { by: actor, action, since, until, limit, after } = options;
        return [defined({ actor, action, since, until }), defined({ limit, after })];
      },
      ({ length }) => length,
    ),
    examples: ["", "--by ada@example.com --since 30d", "--action retry_dispatches --json"],
  },
  getOperation: { work: calling("getOperation", showOperation), examples: [EXAMPLE_ID] },
  problems: {
    options: (command) => since(command).option("--destination <name>", "only of this one"),
    work: calling("problems", showProblems, ({ options: { since, destination } }) => [defined({ since, destination })]),
    examples: ["--since 12h", "--destination BILLING"],
  },
  tail: TAIL,
  deployment: {
    // For scripts, like `eventhub doctor` for a project's files.
    work: async (_, { database }, json) => {
      const deployment = await examineDeployment(database);
      const told = { ...deployment, faults: deployment.faults.map(toldFault) };
      print(told, json, showDeployment);
      if (!deployment.delivers) process.exitCode = EXIT.failed;
    },
    examples: [""],
  },
  stats: { options: bucketed, work: calling("stats", showStats, buckets), examples: ["--since 7d --bucket day"] },
  traffic: {
    options: (command) =>
      bucketed(command)
        .option("--until <time>", "default now", moment)
        .option("--destination <name>", "of this one alone")
        .option("--route <name>", "of this one of its routes, where there is much of a sample"),
    work: calling("traffic", showTraffic, (typed) => {
      const { until, destination, route } = typed.options;
      return [{ ...buckets(typed)[0], ...defined({ until, destination, route }) }];
    }),
    examples: ["--since 1h --bucket minute", "--destination BILLING", "--destination BILLING --route paid-orders"],
  },
  routeHealth: {
    options: (command) => command.option("--destination <name>", "of this one alone"),
    work: calling("routeHealth", showRouteHealth, ({ options: { destination } }) => [defined({ destination })]),
    examples: ["", "--destination BILLING"],
  },
};
