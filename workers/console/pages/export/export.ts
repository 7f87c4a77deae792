import type {
  DestinationState,
  ListedDispatch,
  ListedEvent,
  Page,
  PageOptions,
  StatsRow,
} from "../../../../schema/contract/operator.ts";
import { FINAL_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import type { ConsoleApp } from "../../env.ts";
import { MAX_EXPORTED_ROWS } from "../../format/csv.ts";
import { dispatchFilter, eventFilter, pageOptions, readSearch } from "../../forms/filters.ts";
import { PERIODS, periodOf } from "../../forms/periods.ts";
import { asFile, CALL_ROWS, type Columns, MAX_CALLS, type Read } from "./as-file.ts";

const ABOUT: Columns<Pick<ListedEvent, "about">> = {
  kind: ({ about }) => about?.kind,
  values: ({ about }) => about?.values.map(({ path, value }) => `${path}=${value}`).join(" "),
  payload: ({ about }) => about?.beginning,
};

const EVENTS: Columns<ListedEvent> = {
  id: (event) => event.id,
  createdAt: (event) => event.createdAt,
  idempotencyKey: (event) => event.idempotencyKey,
  payloadBytes: (event) => event.payloadBytes,
  dispatches: ({ statuses }) =>
    Object.entries(statuses)
      .map(([status, n]) => `${n} ${status}`)
      .join(" "),
  ...ABOUT,
};

const DISPATCHES: Columns<ListedDispatch> = {
  id: (dispatch) => dispatch.id,
  eventId: (dispatch) => dispatch.eventId,
  destination: (dispatch) => dispatch.destination,
  route: (dispatch) => dispatch.route,
  status: (dispatch) => dispatch.status,
  reason: (dispatch) => dispatch.reason,
  attempts: (dispatch) => dispatch.attempts,
  maxRetries: (dispatch) => dispatch.maxRetries,
  createdAt: (dispatch) => dispatch.createdAt,
  resultedAt: (dispatch) => dispatch.resultedAt,
  nextAttemptAt: (dispatch) => dispatch.nextAttemptAt,
  ...ABOUT,
};

const STATS: Columns<StatsRow> = {
  at: (row) => row.at,
  destination: (row) => row.destination,
  status: (row) => row.status,
  dispatches: (row) => row.dispatches,
};

/** The health of a day, as on the page of destinations. */
const DESTINATIONS: Columns<DestinationState> = {
  name: (destination) => destination.name,
  kind: (destination) => destination.kind,
  state: (destination) => destination.state,
  pausedAt: (destination) => destination.pausedAt,
  pausedBy: (destination) => destination.pausedBy,
  pauseReason: (destination) => destination.pauseReason,
  ongoing: (destination) => destination.ongoing,
  oldestOngoing: (destination) => destination.oldestOngoing,
  successRateHour: ({ hour }) => hour.successRate,
  successRateDay: ({ day }) => day.successRate,
  ...Object.fromEntries(
    FINAL_STATUSES.map((status) => [`${status}Day`, ({ day }: DestinationState) => day.statuses[status]]),
  ),
  p50MsDay: ({ day }) => day.p50Ms,
  p95MsDay: ({ day }) => day.p95Ms,
  p99MsDay: ({ day }) => day.p99Ms,
};

/**
 * `/events.csv`, `/dispatches.json` and so on: the rows of a list as a file. `/stats.csv` and `.json`: results by hour and destination.
 * `/destinations.csv` and `.json`: the state and the health of each destination.
 */
export function addExports(app: ConsoleApp): void {
  for (const format of ["csv", "json"] as const) {
    app.get(`/events.${format}`, async (c) => {
      const search = readSearch(new URL(c.req.url).searchParams);
      const filter = eventFilter(search, new Date());
      const list = (page: PageOptions) => c.var.operator.listEvents(filter, page);
      return asFile(c, "events", format, EVENTS, await readAll(list, pageOptions(search, CALL_ROWS)));
    });
    app.get(`/dispatches.${format}`, async (c) => {
      const search = readSearch(new URL(c.req.url).searchParams);
      const filter = dispatchFilter(search, new Date());
      const list = (page: PageOptions) => c.var.operator.listDispatches(filter, page);
      return asFile(c, "dispatches", format, DISPATCHES, await readAll(list, pageOptions(search, CALL_ROWS)));
    });
    app.get(`/stats.${format}`, async (c) => {
      const seconds = PERIODS[periodOf(c.req.query("period"))] ?? 86_400;
      const since = new Date(Date.now() - seconds * 1_000);
      const { resulted } = await c.var.operator.stats({ since, bucket: seconds > 604_800 ? "day" : "hour" });
      return asFile(c, "stats", format, STATS, { items: resulted, rest: "" });
    });
    app.get(`/destinations.${format}`, async (c) => {
      const items = await c.var.operator.listDestinations();
      return asFile(c, "destinations", format, DESTINATIONS, { items, rest: "" });
    });
  }
}

/**
 * Reads pages of a list until its end, or until a file's limit. Everything is read before anything is sent, so a failure half-way gives an error
 * instead of a short file.
 */
async function readAll<Item>(list: (page: PageOptions) => Promise<Page<Item>>, page: PageOptions): Promise<Read<Item>> {
  const items: Item[] = [];
  let { cursor } = page;
  for (let calls = 0; calls < MAX_CALLS; calls++) {
    const limit = Math.min(CALL_ROWS, MAX_EXPORTED_ROWS - items.length);
    const found = await list({ ...page, limit, about: true, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...found.items);
    cursor = found.cursor;
    if (cursor === undefined) return { items, rest: "" };
    if (items.length >= MAX_EXPORTED_ROWS) return { items, rest: "-and-more" };
  }
  // A search without an index belongs in the console, which shows its progress.
  return { items, rest: "-unfinished" };
}
