import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventPayload } from "../../../schema/contract.ts";
import { OPERATOR_NAMES } from "../../../schema/operands.ts";
import type { RouteInput } from "../../../schema/routes.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";
import { compilePath } from "../../../workers/hub/routing/path.ts";
import { randomizer } from "../../bench/routing/rules.ts";
import { cases } from "../../support/cases.ts";
import { payload, spelledRoutes } from "./arbitraries.ts";
import { routesAbout } from "./routes-about.ts";
import { SPELLINGS } from "./spellings.ts";

const kinds: readonly { examples: readonly EventPayload[] }[] = createRequire(import.meta.url)(
  "@octokit/webhooks-examples",
);
/** Real payloads of GitHub's webhooks. */
const REAL = kinds.flatMap(({ examples }) => examples);

/** Every how many payloads the comparators to blame are compared, too: there are thousands. */
const BLAME_EVERY = 20;

/** What the whole configuration says of payloads that a route in a configuration of its own does not say; and how many matched. */
function compareWithParts(routes: readonly RouteInput[], payloads: readonly EventPayload[]) {
  const whole = compileRoutes({ routes });
  const parts = routes.map((route) => compileRoutes({ routes: [route] }));
  const differences: string[] = [];
  let matches = 0;
  for (const [number, one] of payloads.entries()) {
    const matched = whole.match(one).map(({ name }) => name);
    const explained = whole.explain(one);
    const alone = parts.flatMap((part, index) => (part.match(one).length > 0 ? [`routes[${index}]`] : []));
    matches += alone.length;
    const explainedAs = explained.flatMap(({ name, matched }) => (matched ? [name] : []));
    if (matched.join() !== alone.join()) differences.push(`payload ${number}: ${matched} match, alone ${alone}`);
    if (explainedAs.join() !== alone.join()) differences.push(`payload ${number}: ${explainedAs} said, alone ${alone}`);
    if (number % BLAME_EVERY > 0) continue;
    for (const [index, part] of parts.entries()) {
      const [whole, own] = [explained[index]?.failed, part.explain(one)[0]?.failed].map((failed) => {
        return JSON.stringify(failed?.map(({ at: _, ...comparator }) => comparator));
      });
      if (whole !== own) differences.push(`payload ${number}: routes[${index}] since ${whole}, alone ${own}`);
    }
  }
  return { differences, matches };
}

describe("a route among hundreds in one configuration", () => {
  test("matches what it matches alone, whatever the others are and however paths are spelt, and explains the same", () => {
    let matched = 0;
    fc.assert(
      fc.property(spelledRoutes, fc.array(payload, { minLength: 20, maxLength: 40, size: "max" }), (routes, some) => {
        const { differences, matches } = compareWithParts(routes, some);
        expect(differences).toEqual([]);
        matched += matches;
      }),
      { ...cases(6), endOnFailure: true },
    );
    expect(matched).toBeGreaterThan(1_000);
  });

  test("matches of 329 real payloads what it matches alone, and explains the same", () => {
    expect(REAL).toHaveLength(329);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const routes = routesAbout(REAL, 400, randomizer(seed));
        const text = JSON.stringify(routes);
        expect(OPERATOR_NAMES.filter((operator) => !text.includes(`"${operator}":`))).toEqual([]);
        const { differences, matches } = compareWithParts(routes, REAL);
        expect(differences).toEqual([]);
        expect(matches).toBeGreaterThan(10_000);
      }),
      { ...cases(1), endOnFailure: true },
    );
  });

  test.each(SPELLINGS)("has one path for %s and its other spellings", (...spellings) => {
    const keys = spellings.map((spelling) => compilePath(`$.x${spelling}`, 0).key);
    expect(new Set(keys).size).toBe(1);
    // Of one meaning, and of no other segment's.
    const others = SPELLINGS.flatMap(([other = ""]) => (spellings.includes(other) ? [] : [other]));
    expect(others.map((other) => compilePath(`$.x${other}`, 0).key)).not.toContain(keys[0]);
  });
});
