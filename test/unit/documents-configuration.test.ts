import { type ParseError, parse } from "jsonc-parser";
import { expect, test } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import { PAGES } from "../support/pages.ts";

/** The parts of a route configuration that the pages show: the hub must accept each as it is, or inside the rest. */

type Json = Readonly<Record<string, unknown>>;

const KEYS = Object.keys(parseRouteConfig({ routes: [] }));
const PARTS = [...KEYS, "routes", "destinations", "retention", "events", "eventDefaults", "indexes", "cloudEvents"];

/** Every object that a page shows: blocks of JSON with and without comments, whole or as members, and objects in a sentence. */
function objectsOf(text: string): Json[] {
  const blocks = [...text.matchAll(/```jsonc?\n(.*?)```/gs)].flatMap(([, block = ""]) => block.split(/^\s*\/\/ .*$/m));
  const spans = [...text.replaceAll(/```.*?```/gs, "").matchAll(/`(\{ "[^`]*\})`/g)].map(([, span = ""]) => span);
  return [...blocks, ...spans].flatMap((piece) => {
    const read = [piece, `{${piece}}`, `[${piece}]`].flatMap((json) => {
      const errors: ParseError[] = [];
      const value: unknown = parse(json, errors, { allowTrailingComma: true });
      return errors.length === 0 && typeof value === "object" && value !== null ? [value] : [];
    })[0];
    return (Array.isArray(read) ? read : [read]).filter((one): one is Json => typeof one === "object" && one !== null);
  });
}

/** The configuration that a shown object is, or is a part of; `undefined` if it is something else. */
function configurationOf(shown: Json): object | undefined {
  if (typeof shown.destination === "string" && typeof shown.dispatchId !== "string") return { routes: [shown] };
  if (typeof shown.kind === "string" && "service" in shown) return undefined;
  const keys = Object.keys(shown);
  return keys.length > 0 && keys.every((key) => PARTS.includes(key)) ? { routes: [], ...shown } : undefined;
}

const shown = [...PAGES].flatMap(([page, text]) =>
  objectsOf(text).flatMap((object) => {
    const configuration = configurationOf(object);
    return configuration === undefined ? [] : [[page, configuration] as const];
  }),
);

test("the pages show many configurations", () => {
  expect(shown.length).toBeGreaterThan(12);
});

test.each(shown)("%s shows a configuration that the hub accepts: %j", (_, configuration) => {
  expect(() => parseRouteConfig(configuration)).not.toThrow();
});
