import { expect, test } from "vitest";
import {
  answerOf,
  freshOf,
  keyName,
  nameOf,
  type StoredByName,
  type StoredForEvent,
} from "../../workers/hub/emit/answer.ts";
import type { Prepared } from "../../workers/hub/emit/prepare.ts";

const event = (id: string, idempotencyIndex: number, idempotencyKey?: string) =>
  ({ id, idempotencyIndex, idempotencyKey, dispatches: [{ id: `${id}-1`, destination: "ONE" }] }) as Prepared;

const plain = event("a", 0);
const first = event("b", 1, "key");
const second = event("c", 2, "key");
const repeated = event("d", 3, "key");
const EVENTS = [plain, first, second, repeated];

/** `d` was stored by an earlier call, as `old`. */
const STORED: StoredByName = new Map<string, StoredForEvent>([
  ["a", plain],
  ["1 key", { id: "b", dispatches: [{ id: "b-1", destination: "ONE" }] }],
  ["2 key", { id: "c" }],
  ["3 key", { id: "old", dispatches: [{ id: "old-1", destination: "BEFORE" }] }],
]);

test("an event without a key is known by its id, and the others by key and place, so that two of a call are two", () => {
  expect(EVENTS.map(nameOf)).toEqual(["a", "1 key", "2 key", "3 key"]);
  expect(keyName({ idempotencyKey: "key", idempotencyIndex: 3 })).toBe("3 key");
});

test("what this call stored is new, and what an earlier one stored is answered as it was stored then", () => {
  expect(freshOf(EVENTS, STORED)).toEqual([plain, first, second]);
  expect(answerOf(EVENTS, STORED)).toEqual({
    events: [
      { id: "a", duplicate: false, dispatches: [{ id: "a-1", destination: "ONE" }] },
      { id: "b", duplicate: false, dispatches: [{ id: "b-1", destination: "ONE" }] },
      { id: "c", duplicate: false, dispatches: [{ id: "c-1", destination: "ONE" }] },
      { id: "old", duplicate: true, dispatches: [{ id: "old-1", destination: "BEFORE" }] },
    ],
  });
});

test("no answer is made up for an event that is not stored", () => {
  expect(() => answerOf([event("x", 0)], STORED)).toThrow("event x is not stored");
});
