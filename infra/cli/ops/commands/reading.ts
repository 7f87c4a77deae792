import { type Command, Option } from "commander";
import type { MethodName } from "../../../../workers/hub/operator/operator-methods.ts";
import { JsonFile } from "../../../project/json-file.ts";
import { OptionOf } from "../../completion/option-of.ts";
import { defined } from "../options.ts";
import * as show from "../show.ts";
import { showProblems, showStats, showTraffic } from "../show-counts.ts";
import { calling, EXAMPLE_ID, type MethodCommand, type Typed } from "./command.ts";
import { addDispatchFilter, addEventFilter, filterOf, integer, moment } from "./filter-options.ts";

const paged = (command: Command) =>
  command
    .addOption(new Option("--order <order>", "which first").choices(["newest", "oldest"]))
    .option("--limit <n>", "most items of a page", integer)
    .option("--cursor <cursor>", "the page after the one that gave it");

const filterAndPage = ({ options }: Typed) => {
  const { order, limit, cursor } = options;
  return [filterOf(options), defined({ order, limit, cursor })];
};

const since = (command: Command) => command.option("--since <time>", "default a day ago", moment);

const bucketed = (command: Command) =>
  since(command).addOption(
    new OptionOf("--bucket <bucket>", "minute, hour (default), day or seconds", { values: ["minute", "hour", "day"] }),
  );

const buckets = ({ options: { since, bucket } }: Typed) => {
  const seconds = typeof bucket === "string" && /^\d+$/.test(bucket) ? Number(bucket) : bucket;
  return [defined({ since, bucket: seconds })];
};

/** The commands that look: their options, and how their answers are shown. */
export const READING: { readonly [Name in MethodName]?: MethodCommand } = {
  listDispatches: {
    options: (command) => paged(addDispatchFilter(command)),
    work: calling("listDispatches", show.showDispatches, filterAndPage),
    examples: ["--status failed,lost --since 12h", "--destination BILLING --overdue", "--payload '$.order.id=17'"],
  },
  listEvents: {
    options: (command) => paged(addEventFilter(command)),
    work: calling("listEvents", show.showEvents, filterAndPage),
    examples: ["--since 1h", "--idempotency-key order-17-paid"],
  },
  getDispatch: { work: calling("getDispatch", show.showDispatch), examples: [EXAMPLE_ID] },
  getEvent: { work: calling("getEvent", show.showEvent), examples: [EXAMPLE_ID] },
  listDestinations: { work: calling("listDestinations", show.showDestinations), examples: [""] },
  explain: {
    work: calling("explain", show.showRoutes, ({ placed: [file = ""] }) => [new JsonFile(file).object()]),
    examples: ["order.json --routing routing.json"],
  },
  listOperations: { work: calling("listOperations", show.showOperations), examples: [""] },
  problems: {
    options: (command) => since(command).option("--destination <name>", "of this one only"),
    work: calling("problems", showProblems, ({ options: { since, destination } }) => [defined({ since, destination })]),
    examples: ["--since 12h", "--destination BILLING"],
  },
  stats: { options: bucketed, work: calling("stats", showStats, buckets), examples: ["--since 7d --bucket day"] },
  traffic: {
    options: bucketed,
    work: calling("traffic", showTraffic, buckets),
    examples: ["--since 1h --bucket minute"],
  },
};
