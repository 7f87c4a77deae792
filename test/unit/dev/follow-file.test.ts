import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followFile } from "../../../infra/local/logs/follow-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "eventhub-follow-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("a file is followed line by line to its end, including characters that were split between reads", async () => {
  const file = join(directory, "log");
  writeFileSync(file, "one\ntw");
  const lines: string[] = [];
  const stop = followFile(
    file,
    (line) => lines.push(line),
    () => undefined,
  );
  await expect.poll(() => lines).toEqual(["one"]);
  const [first, second] = [Buffer.from("ö").subarray(0, 1), Buffer.from("ö").subarray(1)];
  appendFileSync(file, Buffer.concat([Buffer.from("o\nthree "), first]));
  await expect.poll(() => lines).toEqual(["one", "two"]);
  appendFileSync(file, Buffer.concat([second, Buffer.from("\nlast\n")]));
  await stop();
  expect(lines).toEqual(["one", "two", "three ö", "last"]);
});

test("a missing file has no lines", async () => {
  const stop = followFile(
    join(directory, "none"),
    () => expect.unreachable(),
    () => undefined,
  );
  await stop();
});
