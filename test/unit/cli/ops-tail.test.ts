import { expect, test, vi } from "vitest";
import { tail } from "../../../infra/cli/ops/tail/follow.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { DatabaseError } from "../../../schema/database/database-error.ts";

const ID = "01930000-0000-7000-8000-000000000001";
const AT = new Date("2026-11-29T06:13:00Z");
const counts = (beyond = 0) => ({ looked_at: AT, beyond, unread: 0, capped: false });
const row = (attempt: number, beyond = 0) => ({
  ...counts(beyond),
  what: "attempt",
  at: AT,
  event_id: ID,
  dispatch_id: ID,
  attempt,
  result: "failed",
});
const none = { ...counts(), what: null };

/** What `tail` prints if the database answers its looks like this, one after another, until it ends with an error of another kind. */
async function told(
  backfill: boolean,
  ...answers: (object[] | Error)[]
): Promise<{ lines: unknown[]; errors: string[] }> {
  const looks = [...answers, new Error("the end")];
  const run = async () => {
    const answer = looks.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    const database = { run } as unknown as Database;
    const options = { json: true, only: undefined, backfill, everyMs: 0 };
    await expect(tail({ database }, {}, options)).rejects.toThrow("the end");
    const printed = log.mock.calls.flatMap(([text]) => String(text).split("\n"));
    return {
      lines: printed.map((line) => JSON.parse(line)).map(({ attempt, missed }) => attempt ?? { missed }),
      errors: error.mock.calls.map(([line]) => String(line)),
    };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

const gone = new DatabaseError("database: no answer in time", { transient: true, refused: false });

test("each item is shown once, those of the last minute only if they are asked for", async () => {
  expect((await told(true, [row(1)], [row(1), row(2)], [row(2)], [none])).lines).toEqual([1, 2]);
  expect((await told(false, [row(1)], [row(1), row(2)])).lines).toEqual([2]);
});

test("the number of skipped items is shown before the other items", async () => {
  expect((await told(true, [row(1)], [row(2, 17)])).lines).toEqual([1, { missed: 17 }, 2]);
});

test("the tail continues after the database failed to answer, and says so", async () => {
  const { lines, errors } = await told(false, gone, [row(1)], gone, gone, [row(1), row(2)]);
  expect(lines).toEqual([2]);
  expect(errors).toHaveLength(3);
  expect(errors[0]).toMatch(/\[unavailable\] database: no answer in time; looking again in 1 s$/);
});
