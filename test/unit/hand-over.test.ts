import { randomUUID } from "node:crypto";
import type { SQL } from "drizzle-orm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import { noteGroupLimit } from "../../schema/queries/destinations/note-group-limit.ts";
import { handOver } from "../../schema/queries/dispatches/replace-or-lose.ts";
import type { NoticeRow } from "../../schema/queries/fragments/notice-columns.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { handOverTo, rememberSize } from "../../workflows/hand-over.ts";
import { learnedSizeOf } from "../../workflows/learned-sizes.ts";
import { parametersOf, textOf } from "../support/statement-text.ts";

let written: string[];
/** Another one in each test, since what is learned of a destination is kept for an hour. */
let destination: string;
beforeEach(() => {
  written = [];
  destination = randomUUID();
  for (const level of ["info", "warn"] as const)
    vi.spyOn(console, level).mockImplementation((line) => void written.push(`${level} ${line}`));
});
afterEach(() => vi.restoreAllMocks());

const MEMBERS = ["a", "b"].map((id) => ({ id, generation: 0 }));
const NOTE = textOf(noteGroupLimit("", { limit: 1, cause: "" }));

/** A database that hands over what it is asked for, and a queue. `noting` is called with the note for operators. */
function leaving(noting = (): void => undefined, owned = MEMBERS) {
  const statements: SQL[] = [];
  const sent: DispatchNotice[] = [];
  const database = {
    run: async (statement: SQL) => {
      statements.push(statement);
      if (textOf(statement) === NOTE) {
        noting();
        return [];
      }
      return owned.map(
        ({ id }): NoticeRow => ({
          ...{ id, destination, generation: 1, due_in_ms: 5, timeout_seconds: 30 },
          ...{ group_limit: 10, flow: false, payload_bytes: 2 },
        }),
      );
    },
  } as unknown as Database;
  const queue = {
    sendBatch: async (messages: Iterable<{ body: unknown }>) => {
      for (const { body } of messages) sent.push(...(body as { dispatches: DispatchNotice[] }).dispatches);
    },
  };
  const noted = () => statements.filter((statement) => textOf(statement) === NOTE).map(parametersOf);
  return { leaving: { database, queue, instanceId: "one" }, statements, sent, noted };
}

test("dispatches are handed over, enqueued, and told in the log; the size is remembered here and noted for operators", async () => {
  const { leaving: from, statements, sent, noted } = leaving();
  const words = "Too many subrequests";
  await handOverTo(from, { members: MEMBERS, cause: "refused", claim: "c", limit: 10, learned: 15, words });
  expect(statements.map(textOf)).toEqual([textOf(handOver([], "", { claim: null, limit: null })), NOTE]);
  expect(parametersOf(statements[0] as SQL)).toEqual(parametersOf(handOver(MEMBERS, "one", { claim: "c", limit: 10 })));
  expect(sent.map(({ id, generation, limit, learned }) => [id, generation, limit, learned])).toEqual([
    ["a", 1, 10, 15],
    ["b", 1, 10, 15],
  ]);
  expect(learnedSizeOf(destination)).toBe(15);
  expect(noted()).toEqual([parametersOf(noteGroupLimit(destination, { limit: 15, cause: words }))]);
  expect(written).toEqual([
    `warn ${JSON.stringify({ event: "instance.handed_over", instanceId: "one", dispatches: 2, cause: "refused", limit: 10, platform: words })}`,
  ]);
});

test("an instance that has done its part hands over without a warning, and nothing is learned from it", async () => {
  const { leaving: from, statements, sent, noted } = leaving();
  await handOverTo(from, { members: MEMBERS });
  expect(parametersOf(statements[0] as SQL)).toEqual(
    parametersOf(handOver(MEMBERS, "one", { claim: null, limit: null })),
  );
  expect([sent.length, noted()]).toEqual([2, []]);
  expect(learnedSizeOf(destination)).toBe(Number.POSITIVE_INFINITY);
  expect(written).toEqual(['info {"event":"instance.handed_over","instanceId":"one","dispatches":2}']);
});

test("nothing is learned from dispatches that somebody else has meanwhile", async () => {
  const { leaving: from, statements, sent } = leaving(undefined, []);
  await handOverTo(from, { members: MEMBERS, cause: "slow", learned: 16 });
  expect([statements.length, sent]).toEqual([1, []]);
});

test("nothing to hand over asks nobody", async () => {
  const { leaving: from, statements, sent } = leaving();
  await handOverTo(from, { members: [], cause: "slow", learned: 16 });
  expect([statements, sent, written]).toEqual([[], [], []]);
});

test("without the platform's message, the cause is noted; and the same size is noted once", async () => {
  const { leaving: from, noted } = leaving();
  for (let n = 0; n < 2; n++) await handOverTo(from, { members: MEMBERS, cause: "slow", limit: 16, learned: 16 });
  expect(noted()).toEqual([parametersOf(noteGroupLimit(destination, { limit: 16, cause: "slow" }))]);
});

test("a note that the database does not take is only told in the log: the size holds here", async () => {
  const { leaving: from } = leaving(() => {
    throw new Error("database: no answer in time");
  });
  await rememberSize(from.database, destination, 16, "slow");
  expect(learnedSizeOf(destination)).toBe(16);
  expect(written).toEqual([
    `warn {"event":"limit.not_noted","destination":"${destination}","limit":16,"error":"Error: database: no answer in time"}`,
  ]);
});
