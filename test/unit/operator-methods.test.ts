import { describe, expect, test } from "vitest";
import { actingAs, type OperatorCalls } from "../../workers/console/acting-as.ts";
import { METHODS } from "../../workers/hub/operator/methods.ts";
import { ACTIONS, isAction, type MethodName } from "../../workers/hub/operator/operator-methods.ts";
import { admit } from "../../workers/hub/operator/roles.ts";
import { PAGES } from "../support/pages.ts";

const names = Object.keys(METHODS) as MethodName[];

test("the page for operators names only methods that there are, and settings of the configuration", () => {
  const rows = [...(PAGES.get("workers/hub/operator/README.md") ?? "").matchAll(/^\| [^|]+ \| ([^|]+) \|/gm)];
  const named = rows.flatMap(([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !Object.hasOwn(METHODS, name))).toEqual(["indexes", "retention"]);
});

test("each method has a command, shares another's, or is for Workers only", () => {
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
    explain: "explain [file]",
    catalogue: undefined,
    listOperations: "operations",
    getOperation: "operation <operation>",
    find: "find <text>",
    problems: "problems",
    tail: "tail",
    deployment: "doctor",
    stats: "stats",
    traffic: "traffic",
    routeHealth: "routes",
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
    stopOperation: "stop <operation>",
    noteIncident: "note <dispatch> <text>",
    tick: undefined,
  });
});

/** What matters here is how a hub is called. */
const unanswered = new Promise<never>(() => undefined);

test("the console passes the signed-in actor to every action, whatever the page sent, and to nothing else", async () => {
  const calls: unknown[] = [];
  const record = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...args: unknown[]) => {
          calls.push([name, ...args]);
          return unanswered;
        },
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

describe("a reader", () => {
  const acting = names.filter(isAction);
  const argsOf = (name: (typeof acting)[number], options: object) => [...Array(ACTIONS[name]).fill("x"), options];

  test("is refused every action and the cron's work, and nothing else, whether the binding or the call makes it a reader", () => {
    for (const name of names) {
      const call = (role: unknown) => () => admit(name, isAction(name) ? argsOf(name, { actor: "ada" }) : [], role);
      if (isAction(name) || name === "tick") expect(call("reader"), name).toThrow(`[forbidden] ${name}: `);
      else expect(call("reader"), name).not.toThrow();
      expect(call(undefined), name).not.toThrow();
    }
    for (const name of acting) {
      expect(() => admit(name, argsOf(name, { role: "reader" }), undefined), name).toThrow("[forbidden]");
      // A call cannot raise the role of a binding.
      expect(() => admit(name, argsOf(name, { role: "operator" }), "reader"), name).toThrow("[forbidden]");
      expect(() => admit(name, ["x"], "reader"), name).toThrow("[forbidden]");
    }
  });

  test("may preview, and the role is not passed on to the method", () => {
    const preview = { dryRun: true, role: "reader" };
    expect(admit("retryDispatches", [{}, preview], "reader")).toEqual([{}, { dryRun: true }]);
    expect(admit("cancelDispatch", ["x", { role: "operator", actor: "ada" }], undefined)).toEqual([
      "x",
      { actor: "ada" },
    ]);
    expect(() => admit("retryDispatches", [{}, { dryRun: "true", role: "reader" }], undefined)).toThrow("[forbidden]");
  });

  test("is one of two roles, and any other role is refused", () => {
    for (const role of ["admin", "", null, 1, "toString"]) {
      expect(() => admit("cancelDispatch", ["x", { role }], undefined)).toThrow(
        "[invalid_arguments] options.role: must be operator or reader",
      );
      expect(() => admit("listPaused", [], role)).toThrow("[invalid_arguments] props.role of the binding: must be");
    }
  });

  test("is named by the console in every action", () => {
    const calls: unknown[] = [];
    const record = {
      cancelDispatch: (...args: unknown[]) => {
        calls.push(args);
        return unanswered;
      },
    };
    void actingAs(record as unknown as OperatorCalls, "ada", "reader").cancelDispatch("x", { role: "operator" });
    expect(calls).toEqual([["x", { actor: "ada", role: "reader" }]]);
  });
});
