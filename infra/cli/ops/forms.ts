import { type Command, Option } from "commander";
import type { MethodName } from "../../../workers/hub/operator/operator-methods.ts";
import { JsonFile } from "../../project/json-file.ts";
import { CANCEL, REPLAY, RETRY } from "./actions.ts";
import { addDispatchFilter, addEventFilter, filterOf, integer, moment } from "./filters.ts";
import { calling, type Form, type Typed } from "./form.ts";
import { defined } from "./options.ts";
import * as show from "./show.ts";
import { showProblems, showStats, showTraffic } from "./show-counts.ts";

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
  since(command).option("--bucket <bucket>", "minute, hour (default), day or seconds");

const buckets = ({ options: { since, bucket } }: Typed) => {
  const seconds = typeof bucket === "string" && /^\d+$/.test(bucket) ? Number(bucket) : bucket;
  return [defined({ since, bucket: seconds })];
};

/** How commands are read and shown that take more than what stands by place, or whose answers are more than names and values. */
export const FORMS: { readonly [Name in MethodName]?: Form } = {
  listDispatches: {
    options: (command) => paged(addDispatchFilter(command)),
    work: calling("listDispatches", show.showDispatches, filterAndPage),
  },
  listEvents: {
    options: (command) => paged(addEventFilter(command)),
    work: calling("listEvents", show.showEvents, filterAndPage),
  },
  getDispatch: { work: calling("getDispatch", show.showDispatch) },
  getEvent: { work: calling("getEvent", show.showEvent) },
  listDestinations: { work: calling("listDestinations", show.showDestinations) },
  explain: {
    work: calling("explain", show.showRoutes, ({ placed: [file = ""] }) => [new JsonFile(file).object()]),
  },
  listOperations: { work: calling("listOperations", show.showOperations) },
  problems: {
    options: (command) => since(command).option("--destination <name>", "of this one only"),
    work: calling("problems", showProblems, ({ options: { since, destination } }) => [defined({ since, destination })]),
  },
  stats: { options: bucketed, work: calling("stats", showStats, buckets) },
  traffic: { options: bucketed, work: calling("traffic", showTraffic, buckets) },
  retryDispatch: RETRY,
  replayEvents: REPLAY,
  cancelDispatch: CANCEL,
};
