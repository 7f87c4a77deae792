import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import type { EventPayload, JsonValue } from "../../../schema/contract/index.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";
import { PATTERN_MEMORY_BYTES } from "../../../workers/hub/routing/operators/pattern.ts";

const MEBIBYTE = 1024 * 1024;

/** Far more than a linear engine needs for a mebibyte on any machine; a backtracking engine needs years. */
const SOON_MS = 5_000;

/** The processor time of this thread, since other tests run beside this one. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function matchTime(condition: object, payload: EventPayload): number {
  const { match } = compileRoutes({ routes: [{ destination: "A", condition }] });
  const start = cpuMs();
  match(payload);
  return cpuMs() - start;
}

describe("no event can hang the matcher", () => {
  test.each([
    { path: "$.v", match: "^(a+)+$" },
    { path: "$.v", match: "(a|aa)+$" },
    { path: "$.v", match: "(.*a){20}b" },
    { path: "$.v", match: "[ab]*a[ab]{300}$" },
    { path: "$.v", match: "a.{0,240}b$" },
    { path: "$.v", match: `${"a?".repeat(100)}${"a".repeat(100)}b`, ignoreCase: true },
    { path: "$.v", wildcard: `${"*a".repeat(400)}b*` },
    { path: "$.v", wildcard: `*${"a".repeat(900)}b*` },
    { path: "$.v", contains: `b${"a".repeat(900)}` },
    { path: "$.l[?search(@, '^(a+)+$')]", exists: true },
  ])("with a mebibyte of one letter: $match$wildcard$contains", (condition) => {
    const text = `${"a".repeat(MEBIBYTE)}!`;
    expect(matchTime(condition, { v: text, l: [text] })).toBeLessThan(SOON_MS);
  });

  test("or fill its memory with the states of a pattern", () => {
    const pattern = RE2JS.compile("[ab]*a[ab]{300}$");
    const { dfa } = pattern.re2();
    dfa.stateBudget = dfa.memBudget = PATTERN_MEMORY_BYTES;
    let text = "";
    for (let index = 0, state = 1; index < 20_000; index++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      text += state >>> 31 === 0 ? "a" : "b";
    }
    // This option of RE2JS is not documented: the test notices a version without it.
    expect(pattern.test(text)).toBe(/^[ab]*a[ab]{300}$/.test(text));
    expect(dfa.stateCount * 300).toBeLessThan(PATTERN_MEMORY_BYTES);
    expect(dfa.memBudget).toBeLessThanOrEqual(PATTERN_MEMORY_BYTES);
  });

  test("with many overlapping substrings", () => {
    const routes = Array.from({ length: 500 }, (_, index) => ({
      destination: "A",
      condition: { path: "$.v", contains: "a".repeat(index + 1) },
    }));
    const { match } = compileRoutes({ routes });
    const start = cpuMs();
    expect(match({ v: "a".repeat(MEBIBYTE / 4) })).toHaveLength(500);
    expect(cpuMs() - start).toBeLessThan(SOON_MS);
  });

  test.each(["$..a", "$..*", "$..[?@.a]", "$..[0,-1]", "$.v[?@ == $.v]"])(
    "with a payload nested 300,000 levels deep: %s",
    (path) => {
      const { match, explain } = compileRoutes({ routes: [{ destination: "A", condition: { path, exact: 1 } }] });
      let deep: JsonValue = 1;
      for (let depth = 0; depth < 300_000; depth++) deep = depth % 2 === 0 ? { a: deep } : [deep];
      const matched = match({ v: deep }).length;
      expect(explain({ v: deep }).map((route) => route.matched)).toEqual([matched === 1]);
    },
  );

  test("with a hundred thousand values that match one route", () => {
    const condition = { path: "$.l[*].x", in: ["a", "b"] };
    const routes = [
      ...Array.from({ length: 40 }, (_, index) => ({ destination: "A", condition: { path: `$.k${index}`, exact: 1 } })),
      { destination: "A", condition },
    ];
    const { match } = compileRoutes({ routes });
    const start = cpuMs();
    expect(
      match({ l: Array.from({ length: 100_000 }, (_, index) => ({ x: index % 2 === 0 ? "a" : "b" })) }),
    ).toHaveLength(1);
    expect(cpuMs() - start).toBeLessThan(SOON_MS);
  });
});

describe("names that JavaScript knows are data", () => {
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "length"];

  test.each(names)("%s", (name) => {
    const { match } = compileRoutes({
      routes: [
        { destination: "A", condition: { path: `$.${name}`, exists: true } },
        { destination: "B", condition: { path: `$.a.${name}`, exists: true } },
        { destination: "C", condition: { path: "$.s", in: [name] } },
        { destination: "D", condition: { path: "$[*]", contains: name } },
      ],
    });
    expect(match({ a: {} })).toEqual([]);
    expect(match({ a: [] }).concat(match({ a: "x" }))).toEqual([]);
    expect(match(JSON.parse(`{"${name}":1}`)).map(({ destination }) => destination)).toEqual(["A"]);
    expect(match(JSON.parse(`{"a":{"${name}":null}}`)).map(({ destination }) => destination)).toEqual(["B"]);
    expect(match({ s: name }).map(({ destination }) => destination)).toEqual(["C", "D"]);
  });
});
