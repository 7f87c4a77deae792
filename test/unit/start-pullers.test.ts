import type { SQL } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { flowRulesOf } from "../../schema/config/destinations/flow.ts";
import { destinationOf, parseRouteConfig } from "../../schema/config/routes.ts";
import type { Database } from "../../schema/database/connection.ts";
import { arrive, leavePacing } from "../../schema/queries/flow/arrive.ts";
import { idArray } from "../../schema/queries/fragments/list-conditions.ts";
import { type Starting, startPullers } from "../../workflows/flow/start-pullers.ts";
import type { Work } from "../../workflows/group.ts";
import { parametersOf, textOf } from "../support/statement-text.ts";

/** The platform's binding of a Workflow and the database are replaced by ones that remember what they were asked. */

let written: string[];
beforeEach(() => {
  written = [];
  vi.spyOn(console, "warn").mockImplementation((line) => void written.push(String(line)));
});
afterEach(() => vi.restoreAllMocks());

const config = parseRouteConfig({
  destinations: {
    ONE: { limits: [{ concurrency: 4 }], groupSize: 8 },
    TWO: { limits: [{ concurrency: 4 }], workflow: ["EVENTHUB_WORKFLOW_A", "EVENTHUB_WORKFLOW_B"] },
  },
  routes: [
    { name: "one", destination: "ONE" },
    { name: "two", destination: "TWO" },
  ],
});
const IDS = ["01900000-0000-7000-8000-000000000001"];
const said = (statement: SQL) => [textOf(statement), parametersOf(statement)];

interface Case {
  destination?: string;
  /** What the database answers. */
  arrival?: { wanted: number; dueInMs: number | null };
  /** What creating instances comes to. */
  refused?: () => { code: number; message: string }[];
  more?: Partial<Starting>;
}

/** Starts instances. Returns what came of it, the created instances, and the database's statements: each transaction, and each alone. */
async function start({ destination = "ONE", arrival, refused = () => [], more = {} }: Case) {
  const asked: unknown[] = [];
  const created: [string, Work][] = [];
  const ids: string[] = [];
  const database = {
    transaction: async (statements: SQL[]) => {
      asked.push(statements.map(said));
      return statements.map((statement) =>
        textOf(statement) === textOf(leavePacing("", "")) || arrival === undefined ? [] : [{ arrival }],
      );
    },
    run: async (statement: SQL) => {
      asked.push(said(statement));
      return [];
    },
  } as unknown as Database;
  const workflowOf = (name: string) =>
    ({
      createBatch: async ({ instances }: { instances: { id: string; params: Work }[] }) => {
        for (const { id, params } of instances) {
          ids.push(id);
          created.push([name, params]);
        }
        return { created: [], errors: refused() };
      },
    }) as unknown as Workflow<Work>;
  const result = await startPullers(destination, idArray(IDS), { database, config, workflowOf, ...more });
  return { result, created, ids, asked };
}

const NOT_HERE = said(leavePacing("ONE", ""));

describe("instances that take dispatches", () => {
  test("are as many as the database wants, and sleep until something is due", async () => {
    const { result, created, ids, asked } = await start({ arrival: { wanted: 2, dueInMs: 700 } });
    expect([new Set(ids).size, ids.every((id) => /^flow-[-\da-f]{36}$/.test(id))]).toEqual([2, true]);
    const params = { workflow: "DISPATCH", destination: "ONE", waitMs: 700 };
    expect([result, created]).toEqual([2, Array(2).fill(["DISPATCH", params])]);
    const rules = flowRulesOf(destinationOf(config, "ONE")) ?? {};
    expect(asked).toEqual([[said(arrive("ONE", idArray(IDS), { rules, size: 8 }))]]);
    const { created: now } = await start({ arrival: { wanted: 1, dueInMs: null } });
    expect(now).toEqual([["DISPATCH", { ...params, waitMs: 0 }]]);
  });

  test("are none if there is nothing for them", async () => {
    for (const arrival of [{ wanted: 0, dueInMs: null }, undefined]) {
      const { result, created, asked } = await start(arrival === undefined ? {} : { arrival });
      expect([result, created, asked.length]).toEqual([0, [], 1]);
    }
  });

  test("take turns among the Workflows of their destination", async () => {
    const { created } = await start({ destination: "TWO", arrival: { wanted: 4, dueInMs: 0 } });
    const names = created.map(([name, params]) => [name, (params as { workflow: string }).workflow]).sort();
    const [a, b] = ["EVENTHUB_WORKFLOW_A", "EVENTHUB_WORKFLOW_B"];
    expect(names).toEqual([
      [a, a],
      [a, a],
      [b, b],
      [b, b],
    ]);
  });

  test("are asked for by one that leaves, which will not look again, and by one that is full", async () => {
    const arrival = { wanted: 1, dueInMs: 0 };
    const leaving = await start({ arrival, more: { leaving: "gone" } });
    expect([leaving.result, leaving.created.length]).toEqual([1, 1]);
    expect(leaving.asked).toMatchObject([[said(leavePacing("ONE", "gone")), [expect.any(String), expect.any(Array)]]]);
    const full = await start({ arrival, more: { full: true } });
    expect(full.asked).toMatchObject([[[expect.any(String), expect.arrayContaining([true])]]]);
  });
});

describe("instances that do not certainly exist are asked for again, and that is noted in the database:", () => {
  const arrival = { wanted: 1, dueInMs: 0 };

  test("the engine refuses one", async () => {
    const { result, asked } = await start({ arrival, refused: () => [{ code: 7, message: "full" }] });
    expect([result, asked.slice(1)]).toEqual([undefined, [NOT_HERE]]);
    expect(written).toEqual(['{"event":"instances.refused","code":7,"error":"full"}']);
  });

  test("the engine does not answer", async () => {
    const refused = () => {
      throw new Error("no answer");
    };
    const { result, asked } = await start({ arrival, refused });
    expect([result, asked.slice(1)]).toEqual([undefined, [NOT_HERE]]);
    expect(written).toEqual(['{"event":"instances.refused","code":0,"error":"Error: no answer"}']);
  });

  test("there is no such binding", async () => {
    const { result, asked } = await start({ arrival, more: { workflowOf: () => undefined } });
    expect([result, asked.slice(1), written]).toEqual([undefined, [NOT_HERE], []]);
  });
});

test("a database that does not answer starts nothing, and is told in the log", async () => {
  const away = async () => Promise.reject(new Error("no answer in time"));
  const database = { transaction: away, run: away } as unknown as Database;
  const { result, created } = await start({ more: { database } });
  expect([result, created]).toEqual([undefined, []]);
  expect(written).toEqual(['{"event":"flow.not_started","destination":"ONE","error":"Error: no answer in time"}']);
});
