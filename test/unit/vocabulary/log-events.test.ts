import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { log } from "../../../schema/text/log.ts";
import { LOG_EVENTS } from "../../../schema/vocabulary/log-events.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

afterEach(() => vi.restoreAllMocks());

test("every line of the table is logged somewhere, by its name", () => {
  const files = globSync("{schema,workflows,workers}/**/*.{ts,tsx}", { cwd: ROOT });
  const code = files.map((file) => readFileSync(`${ROOT}/${file}`, "utf8")).join("\n");
  const names = Object.keys(LOG_EVENTS).map((name) => name.replace(/^emit\..*/, "emit.$" + "{code}"));
  expect(
    names.filter((name) => !new RegExp(`log\\([^;]*["\`]${name.replaceAll(/[.$}{]/g, "\\$&")}["\`]`).test(code)),
  ).toEqual([]);
});

test("a line is JSON with its name first, at its level", () => {
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  log("warn", "enqueue.failed", { dispatches: 2, error: "the queue is away" });
  expect(warned.mock.calls).toEqual([['{"event":"enqueue.failed","dispatches":2,"error":"the queue is away"}']]);
});

test("what is not in the table does not compile", () => {
  const told = (["debug", "info", "warn", "error"] as const).map((level) => vi.spyOn(console, level).mockReturnValue());
  // @ts-expect-error An unknown name.
  log("warn", "enqueue.fail", { dispatches: 2, error: "" });
  // @ts-expect-error Another level than it has.
  log("info", "enqueue.failed", { dispatches: 2, error: "" });
  // @ts-expect-error A field is missing.
  log("warn", "enqueue.failed", { dispatches: 2 });
  // @ts-expect-error A field is too many.
  log("warn", "enqueue.failed", { dispatches: 2, error: "", payload: {} });
  // @ts-expect-error A field of another type.
  log("warn", "enqueue.failed", { dispatches: "2", error: "" });
  expect(told.map(({ mock }) => mock.calls.length)).toEqual([0, 1, 4, 0]);
});

/** The page of the documents, made of the table: `vitest -u` writes it anew. */
function page(): string {
  const rows = Object.entries(LOG_EVENTS).map(([name, { levels, fields, what }]) => {
    const named = Object.entries(fields).map(([field, kind]) =>
      kind.endsWith("?") ? `\`${field}\`?` : `\`${field}\``,
    );
    return `| \`${name}\` | ${levels.join(", ")} | ${named.join(", ")} | ${what} |`;
  });
  return `# Log lines

Hub, executor and console write one line of JSON for each decision: its name as \`event\`, and its fields. A line holds ids and counts, and never a
payload or a secret. \`?\` marks a field that may be left out.

| event | levels | fields | when it is written |
|---|---|---|---|
${rows.join("\n")}
`;
}

test("the page of log lines is the table's", async () => {
  await expect(page()).toMatchFileSnapshot("../../../workers/logs.md");
});
