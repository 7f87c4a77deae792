import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { type EmitErrorCode, isPermanent } from "../../schema/contract/emit-error.ts";
import { proxyRefusal } from "../../schema/database/permanent-faults.ts";
import { LOG_EVENTS } from "../../schema/vocabulary/log-events.ts";
import { OPERATOR_ERRORS } from "../../workers/hub/operator/operator-error.ts";
import { PAGES } from "../support/pages.ts";
import { ROOT } from "../support/wrangler-config.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const filesOf = (pattern: string) => globSync(pattern, { cwd: ROOT });

/** The code that speaks to people, without the marks in its texts. */
const CODE = filesOf("{schema,workflows,workers}/**/*.{ts,tsx}")
  .map(read)
  .join("\n")
  .replaceAll(/\\(["'`])/g, "$1");

/** Texts of the compiler, workerd and Neon. */
const NOT_OURS = /^\| `[^|]*` \| (?:the compiler|your Worker[^|]*) \||Neon lets nobody in/;

/** Parts of a quoted text that stand for something else. */
const EXAMPLES = /BILLING|handle\(\)|[0-9A-Z]{5} (?=…)|EVENTHUB_QUEUE(?= is)|DISPATCH(?= is)|`$/g;

/** The fixed parts of the text that the first column of a table quotes. */
function quotedParts(row: string): string[] {
  const [first = ""] = row.split(" | ");
  return [...first.matchAll(/`([^`]+)`/g)]
    .map(([, text = ""]) => text.replace(/^\[\w+\] /, ""))
    .flatMap((text) => text.replaceAll(EXAMPLES, "…").split("…"))
    .map((part) =>
      part
        .trim()
        .replace(/^\(|\($/, "")
        .trim(),
    )
    .filter((part) => part.length > 3);
}

describe("what the pages quote", () => {
  test("as errors of the first day is text of the code", () => {
    const rows = (PAGES.get("workers/first-day.md") ?? "").split("\n").filter((line) => line.startsWith("| "));
    const parts = rows.filter((row) => !NOT_OURS.test(row)).flatMap(quotedParts);
    expect(parts.length).toBeGreaterThan(20);
    expect(parts.filter((part) => !CODE.includes(part))).toEqual([]);
  });

  test("as reasons of dispatches is text of the code", () => {
    const [, reasons = ""] = (PAGES.get("workers/errors.md") ?? "").split("## Reasons of a dispatch");
    const parts = reasons
      .split("\n")
      .filter((line) => line.startsWith("| `") && !line.startsWith("| `routes[") && !line.startsWith("| `[loop]"))
      .flatMap(quotedParts);
    expect(parts.length).toBeGreaterThan(15);
    expect(parts.filter((part) => !CODE.includes(part))).toEqual([]);
  });

  test("as error codes is every code, with its description in the code", () => {
    const [, ofEmit = "", ofOperators = ""] = (PAGES.get("workers/errors.md") ?? "").split(/^## /m);
    const rowsOf = (section: string) =>
      [...section.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].map(([, code, told]) => [code, told]);
    // The type ensures that these are all codes.
    const codes: Record<EmitErrorCode, true> = {
      invalid_payload: true,
      invalid_event: true,
      invalid_options: true,
      too_large: true,
      loop: true,
      misconfigured: true,
      unavailable: true,
    };
    expect(rowsOf(ofEmit).map(([code]) => code)).toEqual(Object.keys(codes));
    const again = [...ofEmit.matchAll(/^\| `(\w+)` \| .*? \| is refused again \|/gm)].map(([, code]) => code);
    expect(again).toEqual(Object.keys(codes).filter((code) => isPermanent(code as EmitErrorCode)));
    expect(Object.fromEntries(rowsOf(ofOperators))).toEqual(OPERATOR_ERRORS);
  });

  test("as refusals of Neon is what the hub recognises", () => {
    const row = (PAGES.get("workers/first-day.md") ?? "")
      .split("\n")
      .find((line) => line.includes("Neon lets nobody in"));
    const said = [...(row?.split(" | ")[0] ?? "").matchAll(/`(?:\[\w+\] database: )?… ([^`]+)`/g)].map(
      ([, text = ""]) => text,
    );
    expect(said).toHaveLength(4);
    const unknown = said.filter(
      (text) =>
        proxyRefusal(text.replace("the … quota", "the compute time quota").replace("…", "203.0.113.7")) === undefined,
    );
    expect(unknown).toEqual([]);
  });

  test("as log lines exists in the code", () => {
    const named = [...PAGES].flatMap(([page, text]) =>
      [...text.matchAll(/log lines? ((?:`[\w.]+`(?:,| and)? ?)+)/g)].flatMap(([, list = ""]) =>
        [...list.matchAll(/`([\w.]+)`/g)].map(([, name = ""]) => ({ page, name })),
      ),
    );
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter(({ name }) => !Object.hasOwn(LOG_EVENTS, name))).toEqual([]);
  });

  test("as files and folders exists at that path, or below a folder of that name", () => {
    const missing = ["ARCHITECTURE.md", "CONTRIBUTING.md"].flatMap((page) =>
      pathsIn(page, /`([a-z][\w./-]*(?:\/|\.ts|\.json|\.md))`/g).filter(({ path }) => !isBelow(path)),
    );
    expect(missing).toEqual([]);
    const written = [...PAGES.keys()].flatMap((page) => pathsIn(page, /`([a-z][\w.-]*\/[\w./-]*(?:\/|\.\w+))`/g));
    expect(written.length).toBeGreaterThan(60);
    // Without the files of the package in a project's own directory.
    const ours = written.filter(({ path }) => !path.startsWith("node_modules/") && !isBelow(path));
    expect(ours).toEqual([]);
  });

  test("in a line of ARCHITECTURE.md exists in the folder that the line is about", () => {
    const [, table = ""] = /## Where a line lives\n(.*?)\n## /s.exec(PAGES.get("ARCHITECTURE.md") ?? "") ?? [];
    const named = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = ""]) => {
      const [first = "", ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path);
      const beside = dirname(first);
      // The others are beside the first, or have a path of their own.
      return [first, ...others.map((path) => (/^\w+\/\w/.test(path) ? path : join(beside, path)))];
    });
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });
});

/** Every file of the code, as a path from the root. A folder exists if a file is in it: git has no empty folders. */
const FILES = ["schema", "workflows", "workers", "infra", "test"]
  .flatMap((folder) => globSync(`${folder}/**`, { cwd: ROOT, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

const isThere = (path: string) => {
  const plain = path.replace(/\/$/, "");
  return FILES.some((file) => file === plain || file.startsWith(`${plain}/`));
};

/** Whether a path exists, from the root or from any folder. */
const isBelow = (path: string) => {
  const plain = `/${path.replace(/\/$/, "")}`;
  return FILES.some((file) => `/${file}`.endsWith(plain) || `/${file}`.includes(`${plain}/`));
};

/** The paths in a page's sentences. */
const pathsIn = (page: string, pattern: RegExp) =>
  [...(PAGES.get(page) ?? "").replaceAll(/```.*?```/gs, "").matchAll(pattern)].map(([, path = ""]) => ({ page, path }));
