import { expect, test, vi } from "vitest";
import { follow } from "../../infra/cli/ops/commands/follow.ts";
import type { Database } from "../../schema/database/connection.ts";
import { DatabaseError } from "../../schema/database/database-error.ts";
import type { OperatorContext } from "../../workers/hub/operator/context.ts";

const ID = "01930000-0000-7000-8000-000000000001";
const row = (attempts: number) => ({ scanned: 1, scanned_to: ID, id: ID, status: "ongoing", attempts });
const none = { scanned: 0, scanned_to: null, id: null };

/** What `follow` says while the database answers its looks so, one after another, until it ends with an error of another kind. */
async function followed(...answers: (object | Error)[]): Promise<{ told: number[]; errors: string[] }> {
  const looks = [...answers, new Error("the end")];
  const run = async () => {
    const answer = looks.shift();
    if (answer instanceof Error) throw answer;
    return [answer];
  };
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
  try {
    const context = { database: { run } as unknown as Database } as OperatorContext;
    await expect(follow(context, {}, { json: true, seconds: 0 })).rejects.toThrow("the end");
    return {
      told: log.mock.calls.map(([line]) => JSON.parse(String(line)).attempts),
      errors: error.mock.calls.map(([line]) => String(line)),
    };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}

const gone = new DatabaseError("database: no answer in time", { transient: true, refused: false });

test("follow goes on after a look that the database did not answer, says so, and tells each change once", async () => {
  const { told, errors } = await followed(row(0), row(1), gone, gone, row(1), row(2));
  expect(told).toEqual([1, 2]);
  expect(errors).toEqual(
    Array(2).fill(expect.stringContaining("[unavailable] database: no answer in time; looks again in 0 s")),
  );
});

test("follow tells nothing of what its first look finds, however late it is answered", async () => {
  expect((await followed(gone, row(3), row(4))).told).toEqual([4]);
});

test("follow forgets what it finds no more", async () => {
  expect((await followed(row(0), none, row(0))).told).toEqual([0]);
});
