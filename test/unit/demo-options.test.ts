import { describe, expect, it } from "vitest";
import { WrongCall } from "../../infra/cli/exit.ts";
import { readOptions } from "../../infra/demo/options.ts";

describe("the demo's options", () => {
  it("default to a stack that keeps running, with its own Postgres", () => {
    const options = { once: false, events: 0, reset: false, port: 3041, databaseUrl: undefined };
    expect(readOptions([], {})).toEqual(options);
    expect(readOptions([], { DATABASE_URL: "" })).toEqual(options);
  });

  it("emit every example with --once, or the given number, which may be zero", () => {
    expect(readOptions(["--once"], {})).toMatchObject({ once: true, events: 329 });
    expect(readOptions(["--once", "--events", "0"], {})).toMatchObject({ once: true, events: 0 });
    expect(readOptions(["--events=1000", "--reset", "--port=5000"], {})).toMatchObject({
      once: false,
      events: 1000,
      reset: true,
      port: 5000,
    });
  });

  it("take another database from DATABASE_URL", () => {
    const url = "postgresql://u:p@ep-x.eu.neon.tech/db?sslmode=require";
    expect(readOptions([], { DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it.each([
    [["--events", "x"], {}, '--events must be an integer from 0 to 1000000, got "x"'],
    [["--events", "1.5"], {}, '--events must be an integer from 0 to 1000000, got "1.5"'],
    [["--port", "80"], {}, '--port must be an integer from 1024 to 65533, got "80"'],
    [["--port", "65534"], {}, '--port must be an integer from 1024 to 65533, got "65534"'],
    [["--what"], {}, "Unknown option '--what'"],
    [
      [],
      { DATABASE_URL: "mysql://u:secret@h/d" },
      "DATABASE_URL is not a Postgres connection string (it begins with mysql:); it must look like postgresql://user:password@host/database",
    ],
  ])("refuse %j %j with one sentence", (args, env, message) => {
    expect(() => readOptions(args, env)).toThrow(new WrongCall(message));
  });
});
