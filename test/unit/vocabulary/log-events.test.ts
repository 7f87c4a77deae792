import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { log } from "../../../schema/text/log.ts";
import { MAX_LOGGED_IDS } from "../../../schema/vocabulary/limits.ts";
import { LOG_EVENTS } from "../../../schema/vocabulary/log-events.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

afterEach(() => vi.restoreAllMocks());

test("every line of the table is logged somewhere under its name", () => {
  const files = globSync("{schema,workflows,workers}/**/*.{ts,tsx}", { cwd: ROOT });
  const code = files.map((file) => readFileSync(`${ROOT}/${file}`, "utf8")).join("\n");
  const names = Object.keys(LOG_EVENTS).map((name) => name.replace(/^emit\..*/, "emit.$" + "{code}"));
  expect(
    names.filter((name) => !new RegExp(`log\\([^;]*["\`]${name.replaceAll(/[.$}{]/g, "\\$&")}["\`]`).test(code)),
  ).toEqual([]);
});

test("a line is JSON that begins with its name, at its level", () => {
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  log("warn", "enqueue.failed", { dispatches: 2, error: "the queue is away" });
  expect(warned.mock.calls).toEqual([['{"event":"enqueue.failed","dispatches":2,"error":"the queue is away"}']]);
});

test("every warning says what to do", () => {
  const silent = Object.entries(LOG_EVENTS).filter(
    ([, entry]) => entry.levels.some((level) => level === "warn" || level === "error") && !("todo" in entry),
  );
  expect(silent.map(([name]) => name)).toEqual([]);
});

/** The names of ids in every line. */
const IDS = ["dispatchId", "eventId", "instanceId", "messageId", "operationId", "traceId"];

test("a line about an event or a dispatch also has its trace", () => {
  const lines = Object.entries(LOG_EVENTS).map(([name, { fields }]) => ({ name, names: namesOf(fields) }));
  const without = lines.filter(({ names }) => names.includes("eventId") && !names.includes("traceId"));
  expect(without).toEqual([]);
  expect(lines.filter(({ names }) => names.includes("traceId")).map(({ name }) => name)).toEqual([
    "event.emitted",
    "emit.invalid_payload",
    "emit.too_large",
    "emit.misconfigured",
    "emit.unavailable",
    "events.invalid",
    "dispatch.attempted",
    "dispatch.lost",
  ]);
});

/** The names of a line's fields, and of the fields in its lists. */
const namesOf = (fields: object): string[] =>
  Object.entries(fields).flatMap(([name, kind]) =>
    Array.isArray(kind) ? [name, ...kind.flatMap((entry) => namesOf(entry))] : [name],
  );

test("ids have the same names everywhere, even in lists", () => {
  const named = Object.values(LOG_EVENTS).flatMap(({ fields }) => namesOf(fields));
  expect([...new Set(named)].filter((name) => /id$/i.test(name)).sort()).toEqual(IDS);
});

test("a line whose name, level or fields are not those of the table does not compile", () => {
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

/** `a`, `b`?, `list` (`c`, `d`?) */
const fieldsText = (fields: object): string =>
  Object.entries(fields)
    .map(([field, kind]: [string, unknown]) =>
      Array.isArray(kind)
        ? `\`${field}\` (${fieldsText(kind[0])})`
        : `\`${field}\`${String(kind).endsWith("?") ? "?" : ""}`,
    )
    .join(", ");

/** The page, made of the table: `vitest -u` writes it again. */
function page(): string {
  const rows = Object.entries(LOG_EVENTS).map(([name, entry]) => {
    const { levels, fields, what, todo = "" }: Omit<typeof entry, "todo"> & { todo?: string } = entry;
    return `| \`${name}\` | ${levels.join(", ")} | ${fieldsText(fields)} | ${what} | ${todo} |`;
  });
  return `# Log lines

Hub, executor, console and the metrics Worker write one line of JSON for each decision: its name in \`event\`, and its fields. A line contains ids and
counts, and never a payload or a secret. \`?\` marks an optional field. A list has at most ${MAX_LOGGED_IDS} entries, with the fields in brackets. Ids have
the same names in every line, so a search for \`"eventId":"…"\` or \`"traceId":"…"\` finds all lines that list it.

| event | levels | fields | when it is written | what to do |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

test("the page of log lines is generated from the table", async () => {
  await expect(page()).toMatchFileSnapshot("../../../workers/logs.md");
});
