import { expect, test } from "vitest";
import { CALLED, DELIVERED, FAILED, hasStatus, ofEach, UNHAPPY } from "../../../schema/status-literals.ts";
import {
  DELIVERED_STATUSES,
  DISPATCH_STATUSES,
  DISPATCH_WAITS,
  EXECUTION_RESULTS,
  FINAL_STATUSES,
  FLOW_BLOCKS,
  INCIDENT_STATES,
  isDelivered,
  isFinal,
  isUnhappy,
  KEY_WAITS,
  KEYS_OF,
  MAKING_ACTIONS,
  OPERATION_ACTIONS,
  OPERATION_OUTCOMES,
  OPERATION_STATES,
  UNHAPPY_STATUSES,
} from "../../../schema/vocabulary/statuses.ts";
import { membersOf } from "../../support/docstrings.ts";
import { cell, expectTable, table } from "../../support/made-page.ts";
import { textOf } from "../../support/statement-text.ts";

test("a dispatch is ongoing until it is complete, ignored, failed, misconfigured, lost or cancelled", () => {
  expect(DISPATCH_STATUSES).toEqual([
    ...["ongoing", "complete", "ignored", "failed", "misconfigured", "lost", "cancelled"],
  ]);
  expect(FINAL_STATUSES).toEqual(DISPATCH_STATUSES.filter((status) => status !== "ongoing"));
  expect(DISPATCH_STATUSES.filter(isFinal)).toEqual(FINAL_STATUSES);
});

test("statuses are grouped by delivery, failure, and possible result of an attempt", () => {
  expect(DELIVERED_STATUSES).toEqual(["complete", "ignored"]);
  expect(UNHAPPY_STATUSES).toEqual(["failed", "misconfigured", "lost"]);
  expect(EXECUTION_RESULTS).toEqual(["complete", "ignored", "failed", "misconfigured"]);
  expect(DISPATCH_STATUSES.filter(isDelivered)).toEqual(DELIVERED_STATUSES);
  expect(DISPATCH_STATUSES.filter(isUnhappy)).toEqual(UNHAPPY_STATUSES);
});

test("the page of concepts has what the table says of each", async () => {
  const said = Object.entries(membersOf("schema/vocabulary/statuses.ts", "STATUSES"));
  expect(said.map(([status]) => status)).toEqual(DISPATCH_STATUSES);
  expect(said.filter(([, { text }]) => text === "")).toEqual([]);
  const rows = said.map(([status, { text }]) => [status, cell(text)]);
  await expectTable("workflows/concepts.md", table(["status", "what it says of the dispatch"], rows));
});

test("statements have them as literals", () => {
  expect(textOf(DELIVERED)).toBe("('complete', 'ignored')");
  expect(textOf(UNHAPPY)).toBe("('failed', 'misconfigured', 'lost')");
  expect(textOf(FAILED)).toBe("('failed', 'misconfigured')");
  expect(textOf(CALLED)).toBe("('complete', 'ignored', 'failed', 'misconfigured')");
  expect(textOf(hasStatus("lost"))).toBe("d.status = 'lost'");
  expect(textOf(ofEach(DELIVERED_STATUSES, (status) => `c.${status}`, " + "))).toBe("c.complete + c.ignored");
});

test("the actions of operators are listed, and bulk work is running, finished or stopped", () => {
  expect(OPERATION_ACTIONS).toEqual([
    ...["retry_dispatch", "retry_dispatches", "replay_events", "cancel_dispatch", "cancel_dispatches"],
    ...["pause_destination", "resume_destination"],
    ...["pause_key", "resume_key", "set_flow", "reset_flow", "release_key"],
    ...["stop_operation", "note_incident"],
  ]);
  expect(OPERATION_STATES).toEqual(["running", "finished", "stopped"]);
  expect(MAKING_ACTIONS).toEqual(["retry_dispatch", "retry_dispatches", "replay_events"]);
});

test("what became of an operation is the first of these that is true", () => {
  expect(OPERATION_OUTCOMES).toEqual([
    ...["nothing", "removed", "failed", "partly_failed", "running", "ongoing", "cancelled", "delivered"],
  ]);
});

test("what a dispatch, a key and a destination with limits wait for, the first that is true", () => {
  expect(FLOW_BLOCKS).toEqual(["rate", "concurrency", "cooldown"]);
  expect(KEY_WAITS).toEqual(["pause", "held", "time", "rate", "concurrency", "cooldown", "turn"]);
  expect(DISPATCH_WAITS).toEqual([
    ...["pause", "key_pause", "drain", "held", "order", "time", "rate", "concurrency", "cooldown", "turn"],
  ]);
  expect(KEYS_OF).toEqual(["limits", "order"]);
});

test("an incident goes on, has stopped, or is quiet", () => {
  expect(INCIDENT_STATES).toEqual(["failing", "stopped", "quiet"]);
});
