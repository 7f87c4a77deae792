import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { createDatabase } from "../support/database.ts";
import { DOCUMENTS, PAGES } from "../support/pages.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const blocks = (language: string) =>
  [...DOCUMENTS.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs"))].map(([, code]) => code ?? "");

/** The faults that TypeScript finds in files that exist only here, with the settings of the Workers. */
function typeFaults(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
}

describe("what the pages say to copy", () => {
  test("type-checks as it stands, against the package as it is built", () => {
    const codes = blocks("ts");
    expect(codes.length).toBeGreaterThanOrEqual(3);
    const files = new Map(codes.map((code, n) => [join(root, "test", "workers", `readme-${n}.ts`), code]));
    files.set(join(root, "test", "workers", "routing.json"), "{}");
    expect(typeFaults(files)).toEqual([]);
  });

  test("as route configuration compiles, and means what the page says", () => {
    const configurations = blocks("json")
      .map((text) => JSON.parse(text))
      .filter((value) => "routes" in value);
    const matched = configurations.map((configuration) => {
      const routes = compileRoutes(configuration);
      return [5, 0].map((total) => routes.match({ kind: "order.paid", total }).map(({ name }) => name));
    });
    expect(matched).toContainEqual([["paid orders", "everything"], ["everything"]]);
    expect(matched).toContainEqual([["paid orders"], []]);
  });

  test("as SQL of a producer, a consumer and an operator is run by the database", async () => {
    const database = await createDatabase();
    const role = `shop_${randomUUID().replaceAll("-", "")}`;
    const sqlOf = (page: string) => /```sql\n(.*?)```/s.exec(PAGES.get(page) ?? "")?.[1] ?? "";
    try {
      await database.query(
        `create role ${role}; create table orders (id int); create table handled (key text primary key)`,
      );
      await database.query(sqlOf("workers/hub/emit/README.md").replace("to shop", `to ${role}`));
      expect(await database.query("select payload, idempotency_key from eventhub.events")).toEqual([
        { payload: { kind: "order.paid", id: 17 }, idempotency_key: "order-17-paid" },
      ]);
      const handled = sqlOf("workflows/README.md").replace(/--.*/, "");
      expect(await database.query(handled, ["one"])).toEqual([{ key: "one" }]);
      expect(await database.query(handled, ["one"])).toEqual([]);
      const inSentences = [...PAGES.values()]
        .flatMap((text) => [...text.matchAll(/([`'])(select .*?)\1/g)])
        .map(([, , statement = ""]) => statement);
      const statements = new Set(inSentences);
      expect(statements.size).toBeGreaterThan(3);
      for (const statement of statements) expect(await database.query(statement)).toBeDefined();
    } finally {
      await database.query(`drop owned by ${role}; drop role ${role}`);
      await database.drop();
    }
  });

  test("as questions in SQL is answered by the database", async () => {
    const database = await createDatabase();
    try {
      const id = "01890a5d-ac96-774b-bcce-b302099a8057";
      const questions = [...(PAGES.get("schema/README.md") ?? "").matchAll(/```sql\n(.*?)```/gs)];
      expect(questions.length).toBeGreaterThanOrEqual(8);
      for (const [, question = ""] of questions)
        expect(await database.query(question.replace("'...'", `'${id}'`))).toEqual([]);
    } finally {
      await database.drop();
    }
  });
});
