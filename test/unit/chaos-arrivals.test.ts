import { expect, test } from "vitest";
import { MAX_HOPS } from "../../schema/vocabulary/limits.ts";
import { attribute } from "../chaos/attribution.ts";
import { checkArrivals } from "../chaos/check-arrivals.ts";
import { check } from "../chaos/checker.ts";
import { DESTINATIONS, OTHERS } from "../chaos/destinations.ts";
import type { Evidence } from "../chaos/evidence.ts";
import { type Mutable, soundDeliveries, soundRun } from "../support/sound-run.ts";
import routing from "../workers/chaos/routing.json" with { type: "json" };

/** One delivery of each kind that leaves something behind, and one webhook. */
function soundArrivals(): Mutable<Evidence> {
  const run = soundDeliveries("WEBHOOK", "MESSAGES", "STARTER", "BUCKET", "RELAY");
  const there = (destination: string, as: string, n: number) =>
    run.arrivals.push({ dispatchId: `to ${destination}`, destination, as, n });
  there("MESSAGES", "message", 11);
  there("MESSAGES", "message", 11);
  there("WEBHOOK", "request", 10);
  there("STARTER", "run", 12);
  there("BUCKET", "key", 13);
  there("RELAY", "relayed", 14);
  run.events.push({ id: "relayed", key: "handle:to RELAY", n: 14, to: "nobody", hops: 1, createdAt: 900 });
  return run;
}

type Change = (run: Mutable<Evidence>) => void;
const found = (change: Change): string[] => {
  const run = soundArrivals();
  change(run);
  return checkArrivals(run).map(({ detail }) => detail);
};
const of = <T extends { destination: string }>(items: T[], destination: string): T =>
  items.find((item) => item.destination === destination) as T;
const without = (run: Mutable<Evidence>, destination: string) => {
  run.arrivals = run.arrivals.filter((arrival) => arrival.destination !== destination);
};

test("a campaign with a delivery of each kind has no violations, even if a queue delivers a message twice", () => {
  expect(check(soundArrivals())).toEqual([]);
});

test.each(["MESSAGES", "STARTER", "BUCKET", "RELAY"])(
  "finds a complete dispatch of which nothing arrived at %s",
  (name) => {
    expect(found((run) => without(run, name))).toEqual([`dispatch to ${name} to ${name}: nothing is there`]);
  },
);

test.each(["STARTER", "BUCKET", "RELAY"])(
  "finds that one dispatch arrived twice at %s, even if it was called twice",
  (name) => {
    expect(
      found((run) => {
        run.calls.push({ ...of(run.calls, name), call: "another" });
        run.arrivals.push({ ...of(run.arrivals, name), as: "another" });
      }),
    ).toEqual([`dispatch to ${name} to ${name}: 2 things are there of 1`]);
  },
);

test.each<[string, string, Change]>([
  [
    "more messages than were sent",
    "dispatch to MESSAGES to MESSAGES: 2 things are there of 1",
    (run) => run.arrivals.push({ ...of(run.arrivals, "MESSAGES"), as: "another" }),
  ],
  [
    "what nobody has emitted",
    "key at BUCKET: of dispatch unknown, which is not stored",
    (run) => run.arrivals.push({ dispatchId: "unknown", destination: "BUCKET", as: "key", n: 13 }),
  ],
  [
    "what was for another destination",
    "key at BUCKET: was for WEBHOOK",
    (run) => run.arrivals.push({ dispatchId: "to WEBHOOK", destination: "BUCKET", as: "key", n: 10 }),
  ],
  [
    "another event's payload",
    "run at STARTER: holds event number 13 instead of 12",
    (run) => Object.assign(of(run.arrivals, "STARTER"), { n: 13 }),
  ],
  [
    "another event's payload in a request",
    "request at WEBHOOK: holds event number 11 instead of 10",
    (run) => Object.assign(of(run.arrivals, "WEBHOOK"), { n: 11 }),
  ],
  [
    "hops that are not counted",
    "relayed at RELAY: counts 2 hubs after 0",
    (run) => Object.assign(run.events.at(-1) ?? {}, { hops: 2 }),
  ],
  [
    "more hops than allowed",
    "relayed at RELAY: has passed 9 hubs",
    (run) => {
      Object.assign(run.events.find(({ id }) => id === "for RELAY") ?? {}, { hops: MAX_HOPS });
      Object.assign(run.events.at(-1) ?? {}, { hops: MAX_HOPS + 1 });
    },
  ],
])("finds %s", (_, detail, change) => {
  expect(found(change)).toEqual([detail]);
});

test("excuses a lost message only if everything was killed while it was sent or on its way, and nothing else that is lost", () => {
  const lost = (name: string, at: number, dispatchIds?: ReadonlySet<string>) =>
    found((run) => {
      without(run, name);
      run.deaths.push({ at, kind: "kill", ...(dispatchIds && { dispatchIds }) });
    });
  const missing = ["dispatch to MESSAGES to MESSAGES: nothing is there"];
  expect(lost("MESSAGES", 1_009)).toEqual(missing);
  expect(lost("MESSAGES", 1_010)).toEqual([]);
  expect(lost("MESSAGES", 11_090)).toEqual([]);
  expect(lost("MESSAGES", 11_091)).toEqual(missing);
  expect(lost("MESSAGES", 1_050, new Set(["to MESSAGES"]))).toEqual(missing);
  expect(lost("BUCKET", 1_050)).toEqual(["dispatch to BUCKET to BUCKET: nothing is there"]);
});

test("a call without an attempt number belongs to the last claim before it", () => {
  const { transitions } = soundRun();
  const attempts = [989, 1_299, 2_449, 2_450, 9_000].map((startedAt) => {
    const call = { call: "c", dispatchId: "d1", destination: "WEBHOOK", startedAt };
    return attribute([call], transitions)[0]?.attempt;
  });
  // Before any claim, in the first attempt, late from the first while the second waits, in the second, and after the end.
  expect(attempts).toEqual([1, 1, 1, 2, 2]);
  const told = { call: "c", dispatchId: "d1", destination: "BUCKET", startedAt: 989, attempt: 2 };
  expect(attribute([told], transitions)).toEqual([told]);
});

test("the table has every destination of the campaign's routes by kind, and its shares add up to the whole load", () => {
  expect(Object.keys(DESTINATIONS).sort()).toEqual(
    [...new Set(routing.routes.map((route) => route.destination))].sort(),
  );
  for (const [name, { kind }] of Object.entries<{ kind: string }>(routing.destinations))
    expect([name, DESTINATIONS[name]?.kind]).toEqual([name, kind]);
  const shares = [...Object.values(DESTINATIONS), ...Object.values(OTHERS)].map(({ share }) => share);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
});
