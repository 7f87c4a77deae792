import { expect, test } from "vitest";
import { compareRoutes, MAX_EXAMPLES } from "../../infra/cli/routes/compare.ts";
import { formatComparison } from "../../infra/cli/routes/comparison-text.ts";
import type { EventPayload } from "../../schema/contract/index.ts";
import { compileRoutes, type RouteConfigInput } from "../../workers/hub/routing/index.ts";

type Routes = RouteConfigInput["routes"];

const compare = (before: Routes, after: Routes, payloads: (EventPayload | null)[]) =>
  compareRoutes(
    compileRoutes({ routes: before }),
    compileRoutes({ routes: after }),
    payloads.map((payload, index) => ({ id: `event-${index}`, payload, own: payload?.own === true })),
  );

const large = (total: number) => ({ path: "$.total", gte: total });

test("a route shows how many events it matched before and would match now, with the newest differing events", async () => {
  const before: Routes = [{ name: "large", condition: large(100), destination: "ORDERS" }];
  const after: Routes = [{ name: "large", condition: large(0), destination: "ORDERS" }];
  const comparison = await compare(before, after, [{ total: 0 }, { total: 100 }, { total: 50 }, { total: -1 }]);
  expect(comparison).toMatchObject({
    events: 4,
    withoutPayload: 0,
    changed: 2,
    routes: [
      {
        name: "large",
        destinations: ["ORDERS", "ORDERS"],
        matched: [1, 3],
        gained: { count: 2, examples: [{ eventId: "event-0" }, { eventId: "event-2" }] },
        lost: { count: 0, examples: [] },
      },
    ],
  });
  expect(comparison.routes[0]?.gained.examples[0]?.because).toMatchObject([
    { path: "$.total", operator: "gte", operand: 100, found: ["0"] },
  ]);
});

test("a route that is new, removed, disabled or has another destination is marked", async () => {
  const before: Routes = [
    { name: "removed", destination: "A" },
    { name: "disabled", destination: "B" },
    { name: "elsewhere", destination: "C" },
  ];
  const after: Routes = [
    { name: "new", destination: "D" },
    { name: "disabled", destination: "B", enabled: false },
    { name: "elsewhere", destination: "E" },
  ];
  const { routes, changed } = await compare(before, after, [{}, {}]);
  expect(changed).toBe(2);
  expect(routes.map(({ name, destinations, matched }) => [name, destinations, matched])).toEqual([
    ["new", [undefined, "D"], [0, 2]],
    ["disabled", ["B", "B"], [2, 0]],
    ["elsewhere", ["C", "E"], [2, 2]],
    ["removed", ["A", undefined], [2, 0]],
  ]);
});

test("a change of only the destination also counts as a change of dispatches", async () => {
  const { changed, routes } = await compare([{ name: "a", destination: "A" }], [{ name: "a", destination: "B" }], [{}]);
  expect([changed, routes[0]?.gained.count, routes[0]?.lost.count]).toEqual([1, 0, 0]);
});

test("events without a payload are skipped and counted, and only a few examples are kept", async () => {
  const comparison = await compare([], [{ name: "all", destination: "A" }], [null, ...Array(10).fill({}), null]);
  expect(comparison).toMatchObject({ events: 10, withoutPayload: 2, changed: 10 });
  expect(comparison.routes[0]?.gained).toMatchObject({ count: 10, examples: { length: MAX_EXAMPLES } });
});

test("the report has the counts of each route, with examples", async () => {
  const before: Routes = [
    { name: "large", condition: large(100), destination: "ORDERS" },
    { name: "steady", destination: "ARCHIVE" },
  ];
  const after: Routes = [
    { name: "large", condition: { allOf: [large(100), { path: "$.kind", exact: "order" }] }, destination: "ORDERS" },
    { name: "steady", destination: "ARCHIVE" },
    { name: "fresh", condition: { path: "$.kind", exact: "order" }, destination: "NEW" },
  ];
  const payloads = [{ total: 100, kind: "order" }, ...Array(4).fill({ total: 200 }), null];
  expect(formatComparison(await compare(before, after, payloads))).toBe(
    [
      "5 stored events, 1 more skipped (their payload has been removed): 5 would make other dispatches",
      "",
      "route   before     now",
      "large        5       1  ORDERS",
      '    - event-1 no more: $.kind exact "order", found nothing',
      '    - event-2 no more: $.kind exact "order", found nothing',
      '    - event-3 no more: $.kind exact "order", found nothing',
      "    - ... 1 more",
      "fresh        0       1  NEW (new)",
      "    + event-0 now too",
      "steady       5       5  ARCHIVE",
    ].join("\n"),
  );
});

test("a route for the hub's own events is compared only over those", async () => {
  const comparison = await compare(
    [{ name: "all", destination: "A" }],
    [{ name: "all", from: "hub", destination: "A" }],
    [{ own: true }, { kind: "eventhub.dispatch.lost" }],
  );
  expect(comparison).toMatchObject({
    changed: 1,
    routes: [{ matched: [2, 1], lost: { count: 1, examples: [{ eventId: "event-1", because: [] }] } }],
  });
});
