import { describe, expect, test } from "vitest";
import type { DestinationState } from "../../../schema/contract/operator.ts";
import type { DestinationStateName } from "../../../schema/vocabulary/destination-states.ts";
import {
  destinationsPath,
  listOf,
  readDestinationSearch,
} from "../../../workers/console/pages/destinations/destination-list.ts";

const NOTHING = { complete: 0, ignored: 0, failed: 0, misconfigured: 0, lost: 0, cancelled: 0 };
const destination = (name: string, state: DestinationStateName, failed = 0, ongoing = 0) => {
  const day = { successRate: null, p50Ms: null, p95Ms: null, p99Ms: failed, statuses: { ...NOTHING, failed } };
  return { name, state, ongoing, day, hour: day } as unknown as DestinationState;
};
const ALL = [
  destination("A", "idle"),
  destination("B", "delivering", 1),
  destination("C", "failing", 3),
  destination("D", "idle", 0, 5),
  destination("E", "degraded", 9),
  destination("F", "failing", 7),
];
const names = (query: Record<string, string>) => {
  const { shown, idle } = listOf(ALL, readDestinationSearch(query));
  return [shown.map(({ name }) => name).join(""), idle];
};

describe("the list of destinations", () => {
  test("shows the worst first, and omits idle destinations with nothing ongoing unless they are asked for", () => {
    expect(names({})).toEqual(["FCEBD", 1]);
    expect(names({ idle: "yes" })).toEqual(["FCEBAD", 0]);
  });

  test("can be sorted, and filtered by state and by part of the name", () => {
    expect(names({ sort: "name" })).toEqual(["BCDEF", 1]);
    expect(names({ sort: "failed" })).toEqual(["EFCBD", 1]);
    expect(names({ sort: "ongoing" })[0]).toMatch(/^D/);
    expect(names({ state: "failing" })).toEqual(["FC", 0]);
    expect(names({ state: "idle" })).toEqual(["AD", 0]);
    expect(names({ q: "a" })).toEqual(["A", 0]);
    expect(names({ sort: "nonsense", state: "nonsense" })).toEqual(["FCEBD", 1]);
  });

  test("keeps its settings in the address", () => {
    const search = readDestinationSearch({ sort: "p99", q: "x y", state: "failing" });
    expect(destinationsPath(search)).toBe("/destinations?q=x+y&state=failing&sort=p99");
    expect(destinationsPath(search, { q: "", state: "", sort: "state", idle: true })).toBe("/destinations?idle=yes");
  });
});
