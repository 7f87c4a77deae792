import { describe, expect, test } from "vitest";
import { faultOf, faultOfRequest, UNANSWERED, waitMs } from "../../../workers/console/assets/live-answer.ts";

describe("an answer to a refresh", () => {
  const fine = { status: 200, hasPart: true, says: undefined };

  test("with the page, or with the news that nothing has changed, is not a failure", () => {
    expect(faultOf(fine)).toBeUndefined();
    expect(faultOf({ ...fine, status: 304 })).toBeUndefined();
  });

  test.each([
    [{ status: 0, hasPart: false, says: undefined }, true],
    [{ status: 401, hasPart: false, says: undefined }, true],
    [{ status: 403, hasPart: true, says: "You are not signed in" }, true],
    [{ status: 200, hasPart: false, says: undefined }, true],
    [{ status: 404, hasPart: true, says: "Not found" }, false],
    [{ status: 503, hasPart: true, says: "The database does not answer" }, false],
  ])("of %o is a failure; whether signing in again may help: %s", (answer, signIn) => {
    expect(faultOf(answer)).toMatchObject({ signIn });
  });

  test("with an error is shown with its text and status", () => {
    expect(faultOf({ ...fine, status: 503, says: "The database does not answer" })?.text).toBe(
      "The database does not answer (HTTP 503).",
    );
    expect(faultOf({ ...fine, status: 522 })?.text).toBe("The answer is an error (HTTP 522).");
  });
});

test("a pending request does not ask the reader to sign in", () => {
  expect(UNANSWERED.signIn).toBe(false);
});

test("a request without an answer is distinguished from an offline browser", () => {
  expect(
    [faultOfRequest(true, true), faultOfRequest(false, true), faultOfRequest(true, false)].map((one) => one.text),
  ).toEqual([
    "The console does not answer: the request timed out.",
    "The console cannot be reached.",
    "This browser is offline.",
  ]);
});

test("after each failure the next request waits twice as long, up to a minute, and never less than usual", () => {
  expect([0, 1, 2, 3, 4, 40].map((failures) => waitMs(5_000, failures))).toEqual([
    5_000, 10_000, 20_000, 40_000, 60_000, 60_000,
  ]);
  expect(waitMs(90_000, 3)).toBe(90_000);
});
