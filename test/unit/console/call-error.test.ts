import { describe, expect, test } from "vitest";
import { attempt, callErrorOf } from "../../../workers/console/errors/call-error.ts";

describe("an error of a call", () => {
  test("has the code and the words of the hub", () => {
    expect(callErrorOf(new Error("[conflict] dispatch x is complete\nalready"))).toMatchObject({
      code: "conflict",
      message: "dispatch x is complete\nalready",
      status: 409,
      retry: false,
    });
    expect(callErrorOf(new Error("[unavailable] no answer"))).toMatchObject({ status: 503, retry: true });
  });

  test.each(["Network connection lost", "[unheard_of] x", "x [conflict] y"])(
    "without a code that it knows is one of the way to the hub: %s",
    (message) => {
      expect(callErrorOf(new Error(message))).toMatchObject({ code: "unreachable", message, status: 502, retry: true });
    },
  );

  test("keeps the rest of a page from nothing", async () => {
    expect(await attempt(Promise.resolve(17))).toEqual({ value: 17 });
    expect((await attempt(Promise.reject(new Error("[not_found] x")))).error).toMatchObject({ status: 404 });
  });
});
