import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../schema/database/connection.ts";
import { noteIncident } from "../../workers/hub/operator/note-incident.ts";
import { listOperations } from "../../workers/hub/operator/operations.ts";
import { findProblems } from "../../workers/hub/operator/problems.ts";
import { retryDispatches } from "../../workers/hub/operator/retry.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { failed, insertHistory, operatorOn } from "../support/history.ts";
import { opsEnv, printed } from "../support/ops.ts";

const MINUTE = 60_000;
const START = Date.now();
const ago = (minutes: number) => new Date(START - minutes * MINUTE);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const hub = () => openDatabase(database);
/** An outage of half an hour that began this long ago. */
const outage = (count: number, minutes: number) =>
  Array.from({ length: count }, (_, n) => failed("HTTP 503", ago(minutes - (n * 30) / count)));

const told = async (since = ago(24 * 60)) =>
  (await findProblems(hub(), { since })).failures.map(({ destination, status, dispatches, state }) => [
    destination,
    status,
    dispatches,
    state,
  ]);

test("what hurts most comes first: last night's outage before what is misconfigured since a minute", async () => {
  await insertHistory(database, [
    ...outage(472, 600),
    failed("fine", ago(500), { status: "complete" }),
    ...Array.from({ length: 9 }, (_, n) =>
      failed("no binding", ago(n), { status: "misconfigured", destination: `NEW${n}` }),
    ),
    ...Array.from({ length: 20 }, () => failed("no such customer", ago(30), { destination: "CRM" })),
    ...Array.from({ length: 12 }, () => failed("timed out", ago(5), { destination: "MAIL" })),
  ]);
  expect((await told()).slice(0, 5)).toEqual([
    ["BILLING", "failed", 472, "stopped"],
    // In one order of magnitude: first what still fails, then the newest.
    ["MAIL", "failed", 12, "failing"],
    ["CRM", "failed", 20, "quiet"],
    ["NEW0", "misconfigured", 1, "failing"],
    ["NEW1", "misconfigured", 1, "failing"],
  ]);
});

test("the same cause after an hour without it is another incident, of its own time", async () => {
  await insertHistory(database, [
    ...outage(5, 600),
    ...outage(3, 200),
    failed("HTTP 503", ago(100)),
    failed("HTTP 429", ago(45)),
  ]);
  const { failures } = await findProblems(hub(), {});
  expect(failures.map(({ dispatches, reasons }) => [dispatches, reasons])).toEqual([
    [2, 2], // 429 and 503 differ only in a number
    [3, 1],
    [5, 1],
  ]);
  const [, , first] = failures;
  expect(first?.first).toEqual(ago(600));
  expect((first?.last.getTime() ?? 0) - ago(576).getTime()).toBe(0);
});

test("its failures are counted over the time that was asked for", async () => {
  await insertHistory(database, [...outage(6, 110), ...outage(3, 55)]);
  const { failures } = await findProblems(hub(), { since: ago(24 * 60) });
  expect(failures[0]?.overTime).toHaveLength(24);
  expect(failures[0]?.overTime.reduce((sum, n) => sum + n, 0)).toBe(9);
  // Parts of an hour each.
  expect(failures[0]?.overTime.slice(-2)).toEqual([6, 3]);
});

test("it has stopped once its destination took another after it, and else nobody knows", async () => {
  await insertHistory(database, [
    failed("HTTP 503", ago(60)),
    failed("it was before", ago(61), { status: "complete" }),
  ]);
  expect(await told()).toEqual([["BILLING", "failed", 1, "quiet"]]);
  await insertHistory(database, [failed("elsewhere", ago(50), { status: "complete", destination: "MAIL" })]);
  expect(await told()).toEqual([["BILLING", "failed", 1, "quiet"]]);
  await insertHistory(database, [failed("it takes them", ago(50), { status: "ignored" })]);
  expect(await told()).toEqual([["BILLING", "failed", 1, "stopped"]]);
  await insertHistory(database, [failed("HTTP 503", ago(9))]);
  expect(await told()).toEqual([["BILLING", "failed", 2, "failing"]]);
});

test("the view, the hub and the command tell the same", async () => {
  await insertHistory(database, [...outage(30, 300), failed("no binding", ago(2), { status: "misconfigured" })]);
  const { failures } = await findProblems(hub(), {});
  const rows = await database.query(
    `select destination, status, dispatches, state, first, last, reason, reasons, example, key, over_time as "overTime" from eventhub.incidents`,
  );
  expect(failures.map(({ notes: _, ...rest }) => rest)).toEqual(rows);
  const text = await printed(opsEnv(database), "problems");
  expect(text).toMatch(
    /BILLING .* failed .* 30 .* last at .*, nothing delivered since[\s\S]*misconfigured .* still failing/,
  );
});

test("what was retried leaves its incident", async () => {
  await insertHistory(database, [...outage(5, 60), failed("no such customer", ago(40))]);
  await retryDispatches(operatorOn(database), { reason: "503" }, {});
  expect(await told()).toEqual([["BILLING", "failed", 1, "quiet"]]);
});

test("a note stands with its incident, and with the next one of that cause, until it is too old to be of use", async () => {
  const [first] = await insertHistory(database, [failed("customer 17: HTTP 503", ago(60 * 24 * 3))]);
  const ada = operatorOn(database, { actor: "ada" });
  const operationId = randomUUID();
  const note = "their certificate ran out, ticket 4711";
  const kept = await noteIncident(ada, first?.id, note, { operationId });
  expect(kept).toMatchObject({ action: "note_incident", actor: "ada", state: "finished", arguments: { note } });
  expect(await noteIncident(ada, first?.id, note, { operationId })).toEqual(kept);
  const [again] = await insertHistory(database, [
    failed("customer 9: HTTP 503", ago(5)),
    failed("no such customer", ago(4)),
  ]);
  await noteIncident(operatorOn(database, { actor: "bob" }), again?.id, "called them again", {});
  const { failures } = await findProblems(hub(), {});
  expect(failures.map(({ reason, notes }) => [reason, notes.map(({ actor, text }) => `${actor}: ${text}`)])).toEqual([
    ["no such customer", []],
    ["customer 9: HTTP 503", ["bob: called them again", `ada: ${note}`]],
  ]);
  expect(failures[1]?.notes[0]?.at).toBeInstanceOf(Date);
  expect(await database.query("select note from eventhub.incidents where note is not null")).toEqual([
    { note: "called them again" },
  ]);
  expect(await listOperations(ada)).toHaveLength(2);
  const text = await printed(opsEnv(database), "--actor", "grace", "note", again?.id ?? "", "all is well");
  expect(text).toContain("note_incident");
  expect(await printed(opsEnv(database), "problems")).toMatch(/note on BILLING, grace .*: all is well/);
});

test("a note wants words, and a dispatch that ended without success", async () => {
  const [row] = await insertHistory(database, [failed("no", ago(5), { status: "complete" })]);
  const operator = operatorOn(database);
  await expect(noteIncident(operator, row?.id, "x", {})).rejects.toThrow(
    `[not_found] there is no dispatch ${row?.id} that ended without success`,
  );
  await expect(noteIncident(operator, row?.id, "", {})).rejects.toThrow("[invalid_arguments] note: must not be empty");
  await expect(noteIncident(operator, row?.id, "x".repeat(1_001), {})).rejects.toThrow(
    "[invalid_arguments] note: must have at most 1000 characters",
  );
});
