import { expect, test } from "vitest";
import { Resources } from "../../../infra/local/resources.ts";

test("what was started last is stopped first, whatever fails, and the first failure is told", async () => {
  const stopped: string[] = [];
  const resources = new Resources();
  resources.defer(() => stopped.push("database"));
  resources.defer(() => Promise.reject(new Error("endpoint")));
  resources.defer(() => Promise.reject(new Error("workers")));
  resources.defer(() => stopped.push("ticker"));
  await expect(resources[Symbol.asyncDispose]()).rejects.toThrow("workers");
  expect(stopped).toEqual(["ticker", "database"]);
  await resources[Symbol.asyncDispose]();
});
