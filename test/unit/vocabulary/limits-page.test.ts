import { expect, test } from "vitest";
import * as limits from "../../../schema/vocabulary/limits.ts";
import * as operatorLimits from "../../../schema/vocabulary/operator-limits.ts";
import * as platformLimits from "../../../schema/vocabulary/platform-limits.ts";
import { type Constant, constantsOf } from "../../support/docstrings.ts";
import { cell, n, plainTable } from "../../support/made-page.ts";

type Value = number | string;

/** A number in the unit with which its name ends. */
function inUnit(name: string, value: Value): string {
  if (typeof value === "string") return value;
  if (name.endsWith("_BYTES")) {
    const [unit, size] =
      value % 2 ** 20 === 0 ? ["MiB", 2 ** 20] : value % 2 ** 10 === 0 ? ["KiB", 2 ** 10] : ["bytes", 1];
    return `${n(value / size)} ${unit}`;
  }
  if (name.endsWith("_MS")) return value % 1_000 === 0 ? seconds(value / 1_000) : `${n(value)} ms`;
  if (name.endsWith("_SECONDS")) return seconds(value);
  return name.endsWith("_DAYS") ? `${n(value)} days` : n(value);
}

const seconds = (value: number): string =>
  value > 86_400 && value % 86_400 === 0 ? `${n(value)} s (${n(value / 86_400)} days)` : `${n(value)} s`;

/** The meaning of a limit, with its source. */
const told = ({ text, tags }: Constant): string =>
  `${cell(text)}${tags.see === undefined ? "" : ` [Source](${tags.see})`}`;

const ours = (constants: readonly Constant[], values: Readonly<Record<string, unknown>>) =>
  plainTable(
    ["limit", "value", "beyond it"],
    constants.map((limit) => [told(limit), inUnit(limit.name, values[limit.name] as Value), limit.tags.beyond ?? ""]),
  );

const platform: Readonly<Record<string, Value>> = { ...platformLimits };

/** MAX_DELAY_DAYS is another limit in days, for refusals. */
const isLimit = ({ name }: Constant) => !name.startsWith("DEFAULT_") && name !== "MAX_DELAY_DAYS";
const constants = constantsOf("schema/vocabulary/limits.ts").filter(isLimit);
const ofOperators = constantsOf("schema/vocabulary/operator-limits.ts").filter(isLimit);
const ofPlatform = constantsOf("schema/vocabulary/platform-limits.ts");

/** A heading without its remark, which is the sentence below it. */
function sectionOf(heading: string): string {
  const [title = "", remark] = heading.split(", chosen ");
  const of = constants.filter((constant) => constant.heading === heading);
  return `## ${title.replaceAll("`", "")}\n\n${remark === undefined ? "" : `Chosen ${remark}.\n\n`}${ours(of, limits)}`;
}

/** The page, made of the tables: `vitest -u` writes it again. */
const page = `# Limits

How much of something may there be, and what happens beyond it? This page is made of the code's own tables. The limits are the hub's own, but for
those of the platforms at the end. [Capacity](../workers/capacity.md) says what a hub reaches first as it grows.

${[...new Set(constants.map(({ heading }) => heading))].map(sectionOf).join("\n\n")}

## Calls of operators

A call is one of [Operator](contract/operators.md), also made by the console or the command line.

${ours(ofOperators, operatorLimits)}

## Cloudflare, Neon and Postgres

The code keeps within these.

${plainTable(
  ["limit", "value"],
  ofPlatform.map((limit) => [told(limit), inUnit(limit.name, platform[limit.name] ?? "")]),
)}
`;

test("the page of limits is generated from the tables", async () => {
  await expect(page).toMatchFileSnapshot("../../../schema/limits.md");
});

test("every limit says what it is; ours say what happens beyond it, and the platform's where it is written", () => {
  const all = [...constants, ...ofOperators, ...ofPlatform];
  expect(all.filter(({ text }) => text === "").map(({ name }) => name)).toEqual([]);
  expect([...constants, ...ofOperators].filter(({ tags }) => !tags.beyond).map(({ name }) => name)).toEqual([]);
  expect(ofPlatform.filter(({ tags }) => tags.see === undefined).map(({ name }) => name)).toEqual([]);
});
