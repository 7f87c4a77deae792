import { expect, test } from "vitest";
import type { FlowRules } from "../../../schema/config/destinations/flow.ts";
import type { FlowLimits } from "../../../schema/contract/flow.ts";
import { keyName, limitWords, ruleWords } from "../../../workers/console/format/flow-text.ts";

test.each<[FlowRules, string]>([
  [{}, "in order"],
  [{ hold: true }, "in order, held by failures"],
  [{ rate: { limit: 100, perSeconds: 1, burst: 20 }, concurrency: 50 }, "100 a second, burst 20; 50 at once"],
  [
    { key: { rate: { limit: 5, perSeconds: 60, burst: 1 }, concurrency: 2, weights: { big: 4 } } },
    "each key: 5 in 60 s; 2 at once; 1 weight",
  ],
  [{ concurrency: 1, key: {}, hold: true }, "1 at once. each key: in turn. in order, held by failures"],
])("the limits %j are shown as %s", (rules, words) => {
  expect(ruleWords(rules)).toBe(words);
});

test.each<[FlowLimits, string]>([
  [{ rate: null, concurrency: null }, "no rate; any number at once"],
  [{ rate: { limit: 0.5, perSeconds: 1 }, weight: 2 }, "0.5 a second; 2 turns for each turn of others"],
])("limits that are set by hand, %j, are shown as %s", (limits, words) => {
  expect(limitWords(limits)).toBe(words);
});

test('the shared key is shown as "(no key)"', () => {
  expect([keyName(""), keyName("cust-17")]).toEqual(["(no key)", "cust-17"]);
});
