import { describe, expect, test } from "vitest";
import { createProgram } from "../../infra/cli/ops/program.ts";
import { DISPATCH_FILTERS, EVENT_FILTERS } from "../../schema/vocabulary/filters.ts";
import { actingAs, type OperatorCalls } from "../../workers/console/operator.ts";
import { METHODS } from "../../workers/hub/operator/methods.ts";
import { OPERATOR_ERRORS } from "../../workers/hub/operator/operator-error.ts";
import { ACTIONS, isAction, type MethodName } from "../../workers/hub/operator/operator-methods.ts";
import { DOCUMENTS } from "../support/pages.ts";

const names = Object.keys(METHODS) as MethodName[];
/** The text of the pages from one mark to the next. */
const between = (start: string, end: string) => DOCUMENTS.split(start)[1]?.split(end)[0] ?? "";

describe("the pages tell", () => {
  test("every method of the operators but the local stack's, and no other", () => {
    const rows = between("| method | |\n|---|---|\n", "\n\n").split("\n");
    const told = rows.flatMap((row) => [...(row.split(" | ")[0] ?? "").matchAll(/`(\w+)\(/g)].map(([, name]) => name));
    expect(told.sort()).toEqual(names.filter((name) => name !== "tick").sort());
  });

  test("every part of a filter, and no other", () => {
    const names = (text: string) => [...text.matchAll(/(?:: |, |also )`(\w+)`/g)].map(([, name]) => name).sort();
    const [both = "", dispatches = ""] = between("filters: ", "; newest").split("; of dispatches ");
    expect(names(`: ${both}`)).toEqual([...EVENT_FILTERS].sort());
    expect(names(`: ${both}, ${dispatches}`)).toEqual([...DISPATCH_FILTERS].sort());
  });

  test("every command of the terminal, and no other", () => {
    const told = [...between("(Neon, or any Postgres): ", ";\ntables").matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
    expect(told.sort()).toEqual(
      createProgram({})
        .commands.map((command) => command.name())
        .sort(),
    );
  });

  test("every code of a refusal, and no other", () => {
    const told = [...between("message starts with ", ".\n").matchAll(/`\[(\w+)\]`/g)].map(([, code]) => code);
    expect(told).toEqual(Object.keys(OPERATOR_ERRORS));
  });
});

test("each method has its command, shares another's, or is for Workers only", () => {
  const commands = names.map((name) => {
    const { command } = METHODS[name];
    return [name, typeof command === "string" ? METHODS[command].command?.[0] : command?.[0]];
  });
  expect(Object.fromEntries(commands)).toEqual({
    listDispatches: "list",
    listEvents: "events",
    getDispatch: "show <dispatch>",
    getEvent: "event <event>",
    listDestinations: "destinations",
    getDestination: undefined,
    listPaused: undefined,
    getConfiguration: undefined,
    explain: "explain <file>",
    catalogue: undefined,
    listOperations: "operations",
    getOperation: "operation <operation>",
    problems: "problems",
    stats: "stats",
    traffic: "traffic",
    retryDispatch: "retry [dispatch]",
    retryDispatches: "retry [dispatch]",
    replayEvents: "replay",
    cancelDispatch: "cancel [dispatch]",
    cancelDispatches: "cancel [dispatch]",
    pauseDestination: "pause <destination> [reason]",
    resumeDestination: "resume <destination>",
    flows: "flow",
    pauseKey: "pause-key <destination> <key>",
    resumeKey: "resume-key <destination> <key>",
    releaseKey: "release <destination> <key>",
    setFlow: "set-flow <destination>",
    resetFlow: "reset-flow <destination>",
    tick: undefined,
  });
});

test("the console says who acts in every action, whatever a page gave, and in nothing else", async () => {
  const calls: unknown[] = [];
  const record = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...args: unknown[]) =>
          calls.push([name, ...args]),
    },
  );
  const operator = actingAs(record as OperatorCalls, "ada") as unknown as Record<
    string,
    (...args: unknown[]) => unknown
  >;
  for (const name of names) operator[name]?.("first");
  expect(calls).toEqual(
    names.map((name) => {
      if (!isAction(name)) return [name, "first"];
      return ACTIONS[name] === 2 ? [name, "first", undefined, { actor: "ada" }] : [name, "first", { actor: "ada" }];
    }),
  );
  calls.length = 0;
  operator.pauseDestination?.("A", "why", { actor: "somebody else", operationId: "1" });
  operator.replayEvents?.({}, { routing: "same", dryRun: true });
  expect(calls).toEqual([
    ["pauseDestination", "A", "why", { actor: "ada", operationId: "1" }],
    ["replayEvents", {}, { routing: "same", dryRun: true, actor: "ada" }],
  ]);
});
