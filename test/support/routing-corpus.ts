import { readFileSync } from "node:fs";
import type { Condition } from "../../schema/config/conditions.ts";
import type { EventPayload } from "../../schema/contract/index.ts";

/** test/cases/routing.json: the meaning of the routing language as data, against which the matcher, the naive matcher and the README are checked. */
export interface Corpus {
  /** Payloads with one kind of value each, at `$.v`. */
  readonly columns: readonly { readonly title: string; readonly payload: EventPayload }[];
  /** The result of one rule for each column. */
  readonly rows: readonly { readonly rule: Condition; readonly expected: readonly boolean[] }[];
  readonly cases: readonly {
    readonly rule: Condition;
    readonly payload: EventPayload;
    readonly expected: boolean;
    readonly why: string;
  }[];
}

/** Reads the corpus. */
export function readCorpus(): Corpus {
  return JSON.parse(readFileSync(new URL("../cases/routing.json", import.meta.url), "utf8"));
}

/** The README's table of operators. */
export function operatorTable({ columns, rows }: Corpus): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(["found", ...columns.map(({ title }) => title)]),
    line(["---", ...columns.map(() => ":-:")]),
    ...rows.map(({ rule, expected }) => {
      const { path: _, ...rest } = rule as { readonly path: string };
      const text = JSON.stringify(rest)
        .slice(1, -1)
        .replaceAll("|", "\\|")
        .replaceAll('":', '": ')
        .replaceAll(',"', ', "');
      return line([`\`${text}\``, ...expected.map((matches) => (matches ? "yes" : "·"))]);
    }),
  ].join("\n");
}
