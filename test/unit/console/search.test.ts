import { describe, expect, test } from "vitest";
import {
  dispatchFilter,
  eventFilter,
  isEmpty,
  pageOptions,
  readSearch,
  type Search,
  searchQuery,
  shownPage,
} from "../../../workers/console/forms/filters.ts";
import { idsIn } from "../../../workers/console/forms/ids-in.ts";
import { periodOf } from "../../../workers/console/forms/periods.ts";
import { cancelFilter, replayFilter, retryFilter } from "../../../workers/console/pages/bulk/bulk-filters.ts";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const ID = "0199aaaa-0000-7000-8000-000000000001";
const OTHER = "0199aaaa-0000-7000-8000-000000000002";
const search = (query: string): Search => readSearch(new URLSearchParams(query));

describe("a search", () => {
  test("survives conversion to an address and back, without its page", () => {
    const query =
      "?status=failed&status=lost&destination=A+B&period=24h&of=finished&reason=50%25&key=k&path=%24.a&equals=17&order=oldest&retried=no";
    expect(new URLSearchParams(searchQuery(search(query))).toString().split("&").sort()).toEqual(
      query.slice(1).split("&").sort(),
    );
    expect(searchQuery(search("?destination=A&cursor=abc&status=&nonsense=1"))).toBe("?destination=A");
    expect(searchQuery(search("?destination=A&status=lost"), { status: [], order: "oldest" })).toBe(
      "?destination=A&order=oldest",
    );
    expect([isEmpty(search("?of=finished&order=oldest")), isEmpty(search("?key=k"))]).toEqual([true, false]);
  });

  test("becomes a filter of dispatches that uses everything that was typed", () => {
    expect(dispatchFilter(search(""), NOW)).toEqual({});
    expect(
      dispatchFilter(search(`?status=failed&destination=A&route=r&reason=no&event=${ID}&operation=${OTHER}`), NOW),
    ).toEqual({
      status: ["failed"],
      destination: "A",
      route: "r",
      reason: "no",
      eventId: ID,
      operationId: OTHER,
    });
    // The key of all dispatches without one; an empty field asks for nothing.
    expect(dispatchFilter(search("?any-key=cust-17&flow-key=%22%22&order-key="), NOW)).toEqual({
      key: "cust-17",
      flowKey: "",
    });
    expect(dispatchFilter(search("?period=1h"), NOW)).toEqual({ since: new Date("2026-11-24T11:00:00.000Z") });
    expect(dispatchFilter(search("?period=24h&of=finished&to=2026-11-24T11:00"), NOW)).toEqual({
      resultedSince: new Date("2026-11-23T12:00:00.000Z"),
      resultedUntil: "2026-11-24T11:00Z",
    });
    // An exact time takes precedence over the period.
    expect(dispatchFilter(search("?period=1h&from=2026-11-01T00:00:30.5"), NOW)).toEqual({
      since: "2026-11-01T00:00:30.5Z",
    });
    expect(dispatchFilter(search("?retried=no"), NOW)).toEqual({ retried: false });
    expect(dispatchFilter(search("?retried=yes&overdue=yes&status=failed"), NOW)).toEqual({
      retried: true,
      overdue: true,
      status: ["ongoing"],
    });
  });

  test("passes on conditions that it does not understand for the hub to refuse, but drops an unknown order", () => {
    expect(dispatchFilter(search("?status=broken&ids=order+17&from=yesterday"), NOW)).toEqual({
      status: ["broken"],
      ids: ["order 17"],
      since: "yesterday",
    });
    expect(pageOptions(search("?cursor=x&order=oldest"), 50)).toEqual({ limit: 50, cursor: "x", order: "oldest" });
    expect(pageOptions(search("?order=other"), 50)).toEqual({ limit: 50 });
  });

  test("reads a limited number of rows for its first answer, and lets the hub limit later ones", () => {
    expect(shownPage(search("?reason=timeout"), 50)).toEqual({ limit: 50, look: 40_000 });
    expect(shownPage(search("?reason=timeout&cursor=x"), 50)).toEqual({ limit: 50, cursor: "x" });
  });

  test.each([
    ["17", 17],
    ["true", true],
    ["null", null],
    ['"17"', "17"],
    ["c-17", "c-17"],
    ["{}", "{}"],
    ["", ""],
  ])("compares a payload's value with %j by its type", (equals, value) => {
    const filter = eventFilter(search(`?path=$.a&equals=${encodeURIComponent(equals)}`), NOW);
    expect(filter).toEqual({ payload: { path: "$.a", equals: value } });
  });

  test("extracts every id from pasted text, each once", () => {
    expect(idsIn(`${ID.toUpperCase()}, instance ${OTHER}-0a1b\n"${ID}"`)).toEqual([ID, OTHER]);
    expect(eventFilter(search(`?ids=${ID}&ids=${OTHER}`), NOW)).toEqual({ ids: [ID, OTHER] });
    expect(idsIn("order 17")).toEqual([]);
  });

  test("uses a day if its period is invalid", () => {
    expect(["1h", "30d", "toString", "2h", undefined].map(periodOf)).toEqual(["1h", "30d", "24h", "24h", "24h"]);
  });
});

describe("bulk work takes nothing that came after its preview", () => {
  test("for a retry: only what had ended before, unsuccessfully unless the filter says otherwise", () => {
    expect(retryFilter(search("?destination=A"), NOW)).toEqual({
      destination: "A",
      status: ["failed", "misconfigured", "lost"],
      resultedUntil: NOW,
    });
    expect(retryFilter(search("?status=complete&status=ongoing"), NOW).status).toEqual(["complete"]);
    expect(retryFilter(search("?status=ongoing"), NOW).status).toEqual(["failed", "misconfigured", "lost"]);
    expect(retryFilter(search("?status=broken"), NOW).status).toEqual(["broken"]);
    expect(retryFilter(search(`?ids=${ID}`), NOW)).toEqual({
      ids: [ID],
      status: ["failed", "misconfigured", "lost", "complete", "ignored", "cancelled"],
      resultedUntil: NOW,
    });
    expect(retryFilter(search("?overdue=yes"), NOW)).not.toHaveProperty("overdue");
  });

  test("for a cancel: only what was ongoing before", () => {
    expect(cancelFilter(search("?route=r&overdue=yes"), NOW)).toEqual({
      route: "r",
      overdue: true,
      status: "ongoing",
      until: NOW,
    });
  });

  test("for a replay: only what was emitted before", () => {
    expect(replayFilter(search("?key=k"), NOW)).toEqual({ idempotencyKey: "k", until: NOW });
  });

  test("and keeps an earlier end of the filter, but not a later one", () => {
    const until = (to: string) => replayFilter(search(`?to=${to}`), NOW).until;
    expect([until("2026-11-24T11:59"), until("2026-11-24T12:01"), until("")]).toEqual(["2026-11-24T11:59Z", NOW, NOW]);
    expect(retryFilter(search("?of=finished&to=2026-11-24T11:59"), NOW).resultedUntil).toBe("2026-11-24T11:59Z");
    // The hub refuses what is not a time.
    expect(until("noon")).toBe("noon");
  });
});
