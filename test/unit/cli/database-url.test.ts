import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { databaseUrlOf } from "../../../infra/cli/database-url.ts";
import { acquireLock } from "../../../infra/local/processes/lock.ts";

/** The message of a command without a database. */
const ANY = "set DATABASE_URL=postgresql://user:password@host/database";
const LOCAL = "postgres://postgres:postgres@127.0.0.1:3042/eventhub";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "eventhub-url-"));
  vi.spyOn(process, "cwd").mockReturnValue(directory);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

test.each([".eventhub", ".data"])(
  "the error without a DATABASE_URL names the hub that runs here with its data in %s",
  async (data) => {
    expect(() => databaseUrlOf({})).toThrow(new Error(ANY));
    mkdirSync(join(directory, data));
    const lock = await acquireLock(join(directory, data, "stack.json"), "http://localhost:3041");
    lock.noteDatabase(LOCAL);
    expect(() => databaseUrlOf({})).toThrow(
      new Error(`${ANY}; of the hub that runs here: export DATABASE_URL=${LOCAL}`),
    );
    await lock.release();
    expect(() => databaseUrlOf({})).toThrow(new Error(ANY));
  },
);
