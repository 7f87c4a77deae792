import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitErrorCode } from "../../schema/contract/index.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ defined: true });
});
afterAll(() => system?.stop());

/** The message of a refused call, which must not have stored anything. */
async function refusal(payload: unknown): Promise<string> {
  const count = () => system.database.query("select count(*) from eventhub.events");
  const before = await count();
  const error = await system.emit(payload).catch((cause: Error) => cause);
  expect(error).toBeInstanceOf(Error);
  expect(await count()).toEqual(before);
  return (error as Error).message;
}

const stored = async (id: string | undefined) =>
  (await system.database.query("select payload, invalid from eventhub.events where id = $1", [id]))[0];

describe("a hub whose class defines its events", () => {
  test("refuses a call with all faults of all its events, and stores none of them", async () => {
    const message = await refusal([
      { kind: "order.paid", id: 1, total: -1 },
      { kind: "order.paid", id: "o", total: 1 },
      { kind: "order.refunded", id: "o", lines: [{ sku: "a" }, {}] },
      { kind: "order.payed", id: "o" },
      { id: "o" },
    ]);
    expect(emitErrorCode(new Error(message))).toBe("invalid_event");
    expect(message).toBe(
      "[invalid_event] events[0].id: Invalid type: Expected string but received 1; " +
        "events[0].total: Invalid value: Expected >=0 but received -1; " +
        "events[2].lines[1].sku: Invalid input: expected string, received undefined; " +
        "events[3].kind: is none of the 3 defined kinds; " +
        "events[4].kind: is required: it names the kind of the event",
    );
  });

  test("stores what was emitted, not what a schema makes of it", async () => {
    const payload = { kind: "order.paid", id: "o-1", total: 5, more: true };
    const { events } = await system.emit(payload);
    expect(await stored(events[0]?.id)).toEqual({ payload, invalid: null });
  });

  test("stores and delivers an event that causes only a warning, with its faults", async () => {
    const { events } = await system.emit([
      { kind: "order.seen", id: "o", at: "2026-11-29" },
      { kind: "order.seen", id: 5, to: "SINGLE" },
    ]);
    expect(await stored(events[0]?.id)).toMatchObject({ payload: { at: "2026-11-29" }, invalid: null });
    expect(await stored(events[1]?.id)).toMatchObject({
      invalid: {
        refused: false,
        faults: ["at: at must be a string (was missing)", "id: id must be a string (was a number)"],
      },
    });
    expect(events[1]?.dispatches).toHaveLength(1);
    const listed = await system.operate<{ items: object[] }>("listEvents", { invalid: true });
    expect(listed.items).toMatchObject([{ id: events[1]?.id, invalid: { refused: false } }]);
  });

  test("keeps an event emitted in SQL that it refuses, shows it, and makes no dispatches", async () => {
    const [row] = await system.database.query<{ id: string }>(
      `select eventhub.emit('{"kind": "order.paid", "id": "sql", "to": "SINGLE"}') as id`,
    );
    await system.operate("tick");
    await eventually(async () => (await stored(row?.id))?.invalid ?? undefined, "it is marked");
    expect(await system.dispatches(row?.id ?? "")).toEqual([]);
    expect(
      await system.database.query("select refused, kind, faults from eventhub.invalid_events where event_id = $1", [
        row?.id,
      ]),
    ).toEqual([
      {
        refused: true,
        kind: "order.paid",
        faults: 'total: Invalid key: Expected "total" but received undefined',
      },
    ]);
  });
});
