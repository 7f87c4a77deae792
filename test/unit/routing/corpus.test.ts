import { describe, expect, test } from "vitest";
import type { Condition } from "../../../schema/config/conditions.ts";
import { IGNORE_CASE_OPERATORS, OPERATOR_NAMES } from "../../../schema/config/operands.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";
import { naiveHolds } from "../../support/naive-matcher.ts";
import { DOCUMENTS } from "../../support/pages.ts";
import { operatorTable, readCorpus } from "../../support/routing-corpus.ts";

const corpus = readCorpus();

function matches(condition: Condition, payload: EventPayload): boolean {
  return compileRoutes({ routes: [{ destination: "A", condition }] }).match(payload).length === 1;
}

describe("the corpus", () => {
  test.each(corpus.rows)("of cases passes: $rule", ({ rule, expected }) => {
    expect(corpus.columns.map(({ payload }) => matches(rule, payload))).toEqual(expected);
    expect(corpus.columns.map(({ payload }) => naiveHolds(rule, payload))).toEqual(expected);
  });

  test.each(corpus.cases)("$why: $rule", ({ rule, payload, expected }) => {
    expect(matches(rule, payload)).toBe(expected);
    expect(naiveHolds(rule, payload)).toBe(expected);
    expect(matches({ not: rule }, payload)).toBe(!expected);
  });

  test("gives the same results with all rules in one configuration", () => {
    const rules = [...corpus.cases, ...corpus.rows].map(({ rule }) => rule);
    const compiled = compileRoutes({ routes: rules.map((condition) => ({ destination: "A", condition })) });
    for (const { payload } of [...corpus.cases, ...corpus.columns]) {
      const expected = rules.flatMap((rule, index) => (naiveHolds(rule, payload) ? [`routes[${index}]`] : []));
      expect(compiled.match(payload).map(({ name }) => name)).toEqual(expected);
    }
  });

  test("has cases for every operator", () => {
    const operators = new Set(corpus.rows.flatMap(({ rule }) => Object.keys(rule)));
    expect(OPERATOR_NAMES.filter((name) => !operators.has(name))).toEqual([]);
  });

  test("matches the table of operators on the page", () => {
    expect(DOCUMENTS.includes(operatorTable(corpus))).toBe(true);
  });
});

describe("the pages' words on operators", () => {
  const [, table = ""] = /\| operator \| a value found satisfies it if it \|\n(.*?)\n\n/s.exec(DOCUMENTS) ?? [];
  const named = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);

  test("describe exactly the operators of the code, in its order", () => {
    const rows = table.split("\n").slice(1);
    expect(rows.flatMap((row) => named(row.split("|")[1] ?? ""))).toEqual(OPERATOR_NAMES);
  });

  test("name the operators that ignoreCase applies to", () => {
    const [, list = ""] = /`ignoreCase: true` goes with ([^;]*);/.exec(DOCUMENTS) ?? [];
    expect(named(list)).toEqual([...IGNORE_CASE_OPERATORS]);
  });
});
