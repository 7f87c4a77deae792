import type { Condition } from "../../../schema/config/conditions.ts";
import type { RouteInput } from "../../../schema/config/routes.ts";

/** Pseudo-random integers below a bound, the same in every run. */
export function randomizer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The average number of routes per repository: the more routes a hub has, the more repositories send events. */
export const ROUTES_PER_REPOSITORY = 5;

/** The number of repositories for this many routes. */
export function repositoriesOf(routes: number): number {
  return Math.ceil(routes / ROUTES_PER_REPOSITORY);
}

/** The name of a repository. */
export function repository(number: number): string {
  return `org-${number % 97}/service-${number}`;
}

const ACTIONS = [
  "opened",
  "closed",
  "created",
  "edited",
  "deleted",
  "synchronize",
  "labeled",
  "completed",
  "published",
  "requested",
];
const REPOSITORY = "$.repository.full_name";

/** Makes a condition about one of this many repositories. */
type Make = (random: (below: number) => number, repositories: number) => Condition;

const pick = <T>(random: (below: number) => number, list: readonly T[]): T => list[random(list.length)] as T;
const ofRepository: Make = (random, many) => ({ path: REPOSITORY, exact: repository(random(many)) });
const ofAction: Make = (random) => ({ path: "$.action", exact: pick(random, ACTIONS) });
const both =
  (...makes: Make[]): Make =>
  (random, many) => ({ allOf: makes.map((make) => make(random, many)) });

/** Rules in the language of the seed project: the peer runs these as well. */
const SEED_RULES: readonly Make[] = [
  both(ofRepository, ofAction),
  both(ofRepository, ofAction),
  both(ofRepository, ofAction, () => ({ not: { path: "$.sender.type", exact: "Bot" } })),
  both(ofRepository, (random) => ({ anyOf: [ofAction(random, 0), ofAction(random, 0)] })),
  both(ofRepository, () => ({ path: "$.pull_request.base.ref", match: "^(main|release/.*)$" })),
  both(ofRepository, () => ({ path: "$.issue.labels[*].name", exact: "bug" })),
  both(ofRepository, (random) => ({ path: "$.pull_request.additions", gte: random(500) })),
  both(
    (random, many) => ({ path: "$.repository.id", exact: 1_000_000 + random(many) }),
    () => ({ path: "$.ref", match: "^refs/tags/" }),
  ),
  both((random, many) => ({ path: "$.sender.login", exact: `user-${random(many)}` }), ofAction),
  both(
    (random, many) => ({ path: "$.installation.id", exact: random(many) }),
    () => ({ path: "$.check_run", exists: true }),
  ),
];

/** The same rules, and others that only our language has. */
const FULL_RULES: readonly Make[] = [
  ...SEED_RULES,
  both(ofRepository, (random) => ({
    path: "$.action",
    in: [pick(random, ACTIONS), pick(random, ACTIONS), pick(random, ACTIONS)],
  })),
  both((random, many) => ({ path: REPOSITORY, prefix: `${repository(random(many))}` }), ofAction),
  both(
    (random, many) => ({ path: REPOSITORY, suffix: `/service-${random(many)}` }),
    () => ({ path: "$.sender.type", anythingBut: "Bot" }),
  ),
  both((random, many) => ({ path: REPOSITORY, equalsIgnoreCase: repository(random(many)).toUpperCase() }), ofAction),
  both((random, many) => ({ path: REPOSITORY, wildcard: `*/service-${random(many)}` }), ofAction),
  both((random, many) => ({ path: "$.head_commit.message", contains: `TICKET-${random(many)}:` })),
  both((random, many) => ({ path: "$.repository.id", between: range(1_000_000 + random(many)) })),
  both((random) => ({ path: "$.client.address", cidr: `10.${random(256)}.${random(256)}.0/24` })),
];

const range = (low: number) => ({ gte: low, lt: low + 3 });

/** `count` routes of a mix. Most name a repository; two look at the events of every repository, for an action. */
export function rules(count: number, mix: "seed" | "full"): RouteInput[] {
  const random = randomizer(17);
  const makes = mix === "seed" ? SEED_RULES : FULL_RULES;
  return Array.from({ length: count }, (_, index) => {
    // The number of wide routes is fixed: every event would match them, and the matches must be returned.
    const wide = index < 100 && index % 50 === 49;
    return {
      destination: "CONSUMER",
      condition: wide ? ofAction(random, 0) : (makes[index % makes.length] as Make)(random, repositoriesOf(count)),
    };
  });
}
