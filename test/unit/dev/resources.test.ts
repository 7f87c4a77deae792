import { expect, test } from "vitest";
import { Resources } from "../../../infra/local/resources.ts";

test("resources are stopped in reverse order despite failures, and the first failure is reported", async () => {
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
