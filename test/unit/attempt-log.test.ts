import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MAX_LOGGED_IDS } from "../../schema/vocabulary/limits.ts";
import { loggedIds } from "../../workers/hub/emit/logged-ids.ts";
import { AttemptLog } from "../../workflows/attempt-log.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;
const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;

beforeEach(() => {
  for (const level of ["info", "warn"] as const) vi.spyOn(console, level).mockReturnValue();
});
afterEach(() => vi.restoreAllMocks());

/** The log line of the attempts of this many dispatches. */
function lineOf(count: number, failing: (n: number) => boolean = () => false, again = false) {
  const lines = new AttemptLog(true);
  for (let n = 0; n < count; n++) {
    const result = failing(n) ? ("failed" as const) : ("complete" as const);
    const times = { startedAt: "", finishedAt: "" };
    const record = { dispatchId: idOf(n), attempt: 1, claim: "", ...times, result, reason: null, status: result };
    const row = { id: idOf(n), event_id: idOf(n + 1_000), attempts: 0, again, tracestate: null, baggage: null };
    const traced = { ...row, traceparent: n % 2 === 0 ? TRACEPARENT : null };
    lines.add({ ...record, delaySeconds: 0, decisive: true }, { result, reason: null, retry: "terminal" }, traced);
  }
  lines.write("instance");
  const told = [vi.mocked(console.info), vi.mocked(console.warn)].flatMap(({ mock }) => mock.calls);
  return told.map(([line]) => JSON.parse(String(line)));
}

test("a log line about attempts has the ids of dispatch, event and trace", () => {
  const common = { attempt: 1, result: "complete", status: "complete" };
  expect(lineOf(2)).toEqual([
    {
      event: "dispatch.attempted",
      instanceId: "instance",
      dispatches: [
        { dispatchId: idOf(0), eventId: idOf(1_000), traceId: TRACE, ...common },
        { dispatchId: idOf(1), eventId: idOf(1_001), ...common },
      ],
    },
  ]);
});

test("a delivery that an operator repeated is logged with its own trace", () => {
  expect(lineOf(1, undefined, true)[0].dispatches[0].traceId).toBe(idOf(0).replaceAll("-", ""));
});

test("a log line lists a limited number of attempts, unsuccessful ones first, and counts the rest", () => {
  const [line] = lineOf(100, (n) => n >= 95);
  const listed = line.dispatches.map(({ dispatchId }: { dispatchId: string }) => dispatchId);
  const failed = [95, 96, 97, 98, 99];
  expect(listed).toEqual([...failed, ...Array(MAX_LOGGED_IDS - 5).keys()].map(idOf));
  expect(line.more).toBe(100 - MAX_LOGGED_IDS);
  expect(JSON.stringify(line).length).toBeLessThan(5_000);
});

test("a log line about emitted events names the first of them", () => {
  const events = Array.from({ length: 100 }, (_, n) => ({ id: idOf(n), traceparent: n === 0 ? TRACEPARENT : null }));
  const ids = loggedIds(events);
  expect(ids).toHaveLength(MAX_LOGGED_IDS);
  expect(ids.slice(0, 2)).toEqual([{ eventId: idOf(0), traceId: TRACE }, { eventId: idOf(1) }]);
});

test("a line quotes only the platform's words for a failure, and what the executor lacks", () => {
  const told = (result: "failed" | "complete" | "misconfigured", reason: string, logged?: true) => {
    const lines = new AttemptLog(false);
    const row = { id: idOf(1), event_id: idOf(2), attempts: 0, again: false, traceparent: null, tracestate: null };
    const times = { startedAt: "", finishedAt: "", delaySeconds: 0, decisive: true };
    const record = { dispatchId: idOf(1), attempt: 1, claim: "", ...times, result, reason, status: result };
    lines.add(record, { result, reason, retry: "terminal", ...(logged && { logged }) }, { ...row, baggage: null });
    lines.write("instance");
    const line = vi.mocked(result === "complete" ? console.info : console.warn).mock.lastCall?.[0];
    const { causes, dispatches } = JSON.parse(String(line));
    return { causes, platform: dispatches[0].platform };
  };
  expect(told("failed", "card 4711: Too many subrequests.")).toEqual({ platform: "Too many subrequests" });
  expect(told("failed", "card 4711 was refused")).toEqual({});
  expect(told("complete", "Too many subrequests")).toEqual({});
  expect(told("misconfigured", "no binding BILLING", true)).toEqual({ causes: ["no binding BILLING"] });
});

test("no line is logged if there are no attempts", () => {
  expect(lineOf(0)).toEqual([]);
});
