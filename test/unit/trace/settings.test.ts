import { afterEach, describe, expect, test, vi } from "vitest";
import { tracingOf } from "../../../schema/trace/tracing.ts";
import { otlpUrl, readOtlpHeaders } from "../../../schema/vocabulary/collector-settings.ts";

afterEach(() => vi.restoreAllMocks());

describe("OTLP_ENDPOINT", () => {
  test.each([
    ["https://otlp.example.com", "https://otlp.example.com/v1/traces"],
    ["https://otlp.example.com/", "https://otlp.example.com/v1/traces"],
    ["https://otlp.example.com/api/v2/otlp/", "https://otlp.example.com/api/v2/otlp/v1/traces"],
    ["https://otlp.example.com/v1/traces", "https://otlp.example.com/v1/traces"],
    ["https://otlp.example.com/v1/metrics/", "https://otlp.example.com/v1/traces"],
    ["http://localhost:4318", "http://localhost:4318/v1/traces"],
    ["http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"],
    ["http://[::1]:4318", "http://[::1]:4318/v1/traces"],
  ])("of %s sends traces to %s, and metrics beside it", (endpoint, url) => {
    expect(otlpUrl(endpoint, "traces")).toBe(url);
    expect(otlpUrl(endpoint, "metrics")).toBe(url.replace(/traces$/, "metrics"));
  });

  test.each([
    ...["otlp.example.com", "http://otlp.example.com", "ftp://localhost", "https://me:secret@otlp.example.com"],
    ...["https://otlp.example.com/?key=secret", "http://127.0.0.1.example.com", "https://me@otlp.example.com"],
    ...["https://:secret@otlp.example.com", "https://otlp.example.com/#traces"],
  ])("of %s is refused", (endpoint) => {
    expect(otlpUrl(endpoint, "traces")).toBeUndefined();
  });
});

describe("OTLP_HEADERS", () => {
  test.each([
    ["", {}],
    ["Authorization=Bearer%20abc", { authorization: "Bearer abc" }],
    ["authorization=Basic YWJjOg==, x-scope=1,", { authorization: "Basic YWJjOg==", "x-scope": "1" }],
  ])("are accepted: %j", (text, headers) => {
    expect(readOtlpHeaders(text)).toEqual(headers);
  });

  test.each(["authorization", "=x", "a b=c", "a=%zz", "a=%0d%0aX: y", "é=1"])("are refused: %j", (text) => {
    expect(readOtlpHeaders(text)).toBeUndefined();
  });
});

describe("tracing", () => {
  test("is off without an endpoint", () => {
    expect(tracingOf("hub", {})).toBeUndefined();
    expect(tracingOf("hub", { OTLP_ENDPOINT: "", OTLP_HEADERS: "nonsense" })).toBeUndefined();
  });

  test("is shared by all requests of an isolate, and separate for each Worker", () => {
    const env = { OTLP_ENDPOINT: "https://otlp.example.com", OTLP_SAMPLE_RATE: "0.25" };
    const tracing = tracingOf("hub", env);
    expect(tracing?.sampleRate).toBe(0.25);
    expect(tracingOf("hub", { ...env })).toBe(tracing);
    expect(tracingOf("executor", env)?.exporter).not.toBe(tracing?.exporter);
  });

  test.each([0, 1])("may record a share of %s of the traces", (rate) => {
    const env = { OTLP_ENDPOINT: "https://otlp.example.com", OTLP_SAMPLE_RATE: String(rate) };
    expect(tracingOf("hub", env)?.sampleRate).toBe(rate);
  });

  test.each([
    [
      { OTLP_ENDPOINT: "http://otlp.example.com/secret" },
      "OTLP_ENDPOINT must be an https URL without user, password and query, such as https://otlp.example.com (http only at localhost)",
    ],
    [
      { OTLP_ENDPOINT: "https://a.example", OTLP_HEADERS: "secret" },
      "OTLP_HEADERS must be headers such as name=value,other=value, with values percent-encoded",
    ],
    [{ OTLP_ENDPOINT: "https://a.example", OTLP_SAMPLE_RATE: "10%" }, "OTLP_SAMPLE_RATE must be a number from 0 to 1"],
    [{ OTLP_ENDPOINT: "https://a.example", OTLP_SAMPLE_RATE: "1.1" }, "OTLP_SAMPLE_RATE must be a number from 0 to 1"],
  ])("is off if it is misconfigured, which is logged once and without possible secrets: %j", (env, error) => {
    const told = vi.spyOn(console, "error").mockReturnValue();
    expect(tracingOf("hub", env)).toBeUndefined();
    expect(tracingOf("hub", env)).toBeUndefined();
    expect(told.mock.calls.map(([line]) => JSON.parse(line))).toEqual([{ event: "trace.misconfigured", error }]);
  });
});
