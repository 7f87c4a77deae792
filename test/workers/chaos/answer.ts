import type { Answer } from "./wire.ts";

/** Reads an answer as the contract says, implemented again here. */
export function answerOf(value: unknown): Answer {
  const { result, retry } = (typeof value === "object" && value !== null ? value : { result: value }) as {
    result?: unknown;
    retry?: unknown;
  };
  if (result === "complete" || result === "ignored") return result;
  if (result !== "failed") return "garbage";
  return retry === false ? "failed for good" : "failed";
}
