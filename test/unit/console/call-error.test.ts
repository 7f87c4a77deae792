import { describe, expect, test } from "vitest";
import { attempt, callErrorOf } from "../../../workers/console/errors/call-error.ts";

describe("an error of a call", () => {
  test("has the code and the message of the hub", () => {
    expect(callErrorOf(new Error("[conflict] dispatch x is complete\nalready"))).toMatchObject({
      code: "conflict",
      message: "dispatch x is complete\nalready",
      status: 409,
      retry: false,
    });
    expect(callErrorOf(new Error("[unavailable] no answer"))).toMatchObject({ status: 503, retry: true });
  });

  test.each(["Network connection lost", "[unheard_of] x", "x [conflict] y"])(
    "without a known code is shown as a failure to reach the hub: %s",
    (message) => {
      expect(callErrorOf(new Error(message))).toMatchObject({ code: "unreachable", message, status: 502, retry: true });
    },
  );

  test.each([
    [
      "problems",
      "OPERATOR is bound to a Worker that does not have the operators' methods; bind the hub's entrypoint: ",
    ],
    ["emit", "EVENTHUB is bound to a Worker that takes no events; bind the hub itself, "],
  ])("from a binding that leads elsewhere says what to bind: %s", (method, told) => {
    const error = callErrorOf(new TypeError(`The RPC receiver does not implement the method "${method}".`));
    expect(error).toMatchObject({ code: "misconfigured", status: 500, retry: false });
    expect(error.message).toContain(told);
  });

  test("has its code even if an older compatibility date puts a name before it", () => {
    expect(callErrorOf(new Error("OperatorError: [not_found] x"))).toMatchObject({ code: "not_found", message: "x" });
  });

  test("does not keep the rest of the page from being shown", async () => {
    expect(await attempt(Promise.resolve(17))).toEqual({ value: 17 });
    expect((await attempt(Promise.reject(new Error("[not_found] x")))).error).toMatchObject({ status: 404 });
  });
});
