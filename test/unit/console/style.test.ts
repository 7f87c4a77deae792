import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../support/wrangler-config.ts";

const ASSETS = join(ROOT, "workers/console/assets");

/** Drawings have measures of their own. */
const isDrawing = (name: string) => name.startsWith("charts");

interface Declaration {
  /** `tables.css:12`. */
  at: string;
  property: string;
  value: string;
}

/** Every declaration in the console's styles. */
const DECLARATIONS: readonly Declaration[] = readdirSync(ASSETS)
  .filter((name) => name.endsWith(".css") && !isDrawing(name))
  .flatMap((name) =>
    readFileSync(join(ASSETS, name), "utf8")
      .split("\n")
      .flatMap((line, index) => {
        const [, property, value] = /^\s+(-{0,2}[a-z][\w-]*): (.+);$/.exec(line) ?? [];
        return property === undefined || value === undefined ? [] : [{ at: `${name}:${index + 1}`, property, value }];
      }),
  );

const told = ({ at, property, value }: Declaration) => `${at} ${property}: ${value}`;

test("every distance is on the scale, except for a few pixels of optical correction", () => {
  const isSpace = ({ property }: Declaration) => /^(padding|margin|gap|row-gap|column-gap)(-|$)/.test(property);
  const stray = DECLARATIONS.filter(isSpace).filter(({ value }) => {
    const rest = value.replaceAll(/var\(--s-(half|\d+)\)|calc|auto|\binherit\b|-?\b[0-3]px\b|\b0\b|[()*+-]|\b1\b/g, "");
    return rest.trim() !== "";
  });
  expect(stray.map(told)).toEqual([]);
});

test("every font size is on the scale", () => {
  const isSize = ({ property }: Declaration) => property === "font-size";
  const stray = DECLARATIONS.filter(isSize).filter(({ value }) => !/^(var\(--size-[a-z]+\)|inherit)$/.test(value));
  expect(stray.map(told)).toEqual([]);
});

test("every colour is written in a variable, which gives it a name", () => {
  const isColour = ({ property, value }: Declaration) =>
    /#[\da-f]{3,8}\b|\brgba?\(/.test(value) && !property.startsWith("--");
  expect(DECLARATIONS.filter(isColour).map(told)).toEqual([]);
});
