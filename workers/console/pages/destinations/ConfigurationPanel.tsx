import type { Child } from "hono/jsx";
import type { Destination, DestinationOf } from "../../../../schema/config/destinations/index.ts";
import type { RouteConfig } from "../../../../schema/config/routes.ts";
import type { DestinationState } from "../../../../schema/contract/operator.ts";
import { DEFAULT_DRAIN_PER_SECOND, DEFAULT_GROUP_SIZE } from "../../../../schema/vocabulary/defaults.ts";
import { DESTINATION_STATES, type HealthRules } from "../../../../schema/vocabulary/destination-states.ts";
import { WorkflowLink } from "../../components/DashboardLinks.tsx";
import { Facts, Panel } from "../../components/Panels.tsx";
import type { ConsoleContext } from "../../env.ts";
import { count, many } from "../../format/amounts.ts";
import { routePath } from "../../format/paths.ts";
import { duration } from "../../format/time.ts";
import { settingsOf } from "../routes/RouteFacts.tsx";

/** The most routes shown of a destination: a configuration may have 10,000. */
const MAX_ROUTES_TOLD = 20;

interface ConfigurationPanelProps {
  c: ConsoleContext;
  destination: Pick<DestinationState, "name" | "rules">;
  config: RouteConfig;
}

/** A destination's configuration, and the routes that lead to it. */
export const ConfigurationPanel = ({ c, destination: { name, rules }, config }: ConfigurationPanelProps) => {
  const declared = declaredOf(config, name);
  if (declared === undefined) return undefined;
  return (
    <Panel
      title="As configured"
      id="configured"
      aside={[declared.workflow]
        .flat()
        .map((workflow, index, { length }) => (
          <WorkflowLink c={c} workflow={workflow} number={length === 1 ? undefined : index + 1} />
        ))}
    >
      <Facts facts={[...factsOf(declared), ["Its state", judgedBy(rules)]]} />
      <RoutesTo name={name} config={config} />
    </Panel>
  );
};

/**
 * The destination as declared, or the default that routes to an undeclared one get. The hub's own code for this would import the checks of a whole
 * configuration.
 */
function declaredOf({ destinations, routes }: RouteConfig, name: string): Destination | undefined {
  if (Object.hasOwn(destinations, name)) return destinations[name];
  return routes.some(({ destination }) => destination === name) ? UNDECLARED : undefined;
}

const UNDECLARED: Destination = { kind: "worker", batch: false, groupSize: DEFAULT_GROUP_SIZE };

/** The settings in words. Leaves out what may be a secret: a URL's path and the values of headers. */
function factsOf(declared: Destination): readonly Fact[] {
  const format = "format" in declared ? declared.format : undefined;
  return [
    ...(format === undefined ? [] : [["Gets", FORMATS[format]] as const]),
    ...told((OWN_WORDS as Partial<Record<Kind, object>>)[declared.kind] ?? {}, declared),
    ...told(COMMON_WORDS, declared),
  ];
}

/** What a table says of a destination. It pairs each setting with its type, but a look-up loses that in the types. */
const told = (words: object, declared: object): readonly Fact[] =>
  Object.entries(words as Readonly<Record<string, (value: unknown) => readonly Fact[]>>).flatMap(([setting, say]) =>
    say((declared as Readonly<Record<string, unknown>>)[setting]),
  );

/** The rules for the states of its health, in words. */
const judgedBy = (rules: HealthRules) =>
  `failing if ${DESTINATION_STATES.failing.means(rules)}; degraded if ${DESTINATION_STATES.degraded.means(rules)}; idle if ${DESTINATION_STATES.idle.means(rules)}`;

const tries = (seconds: number) =>
  seconds === 0 ? "tries one at each look" : `tries one every ${duration(seconds * 1_000)}`;

/** The words for formats other than the payload alone. */
const FORMATS = { cloudevents: "CloudEvents", context: "payload and context" };

type Fact = readonly [string, Child];
type Kind = Destination["kind"];

/** How each setting that all kinds have is shown. */
const COMMON_WORDS: Words<Omit<DestinationOf<"hub">, "kind">> = {
  groupSize: (size) => [
    ["A Workflow instance", size === 1 ? "each dispatch has one" : `shared by up to ${count(size)} dispatches`],
  ],
  workflow: (names) => [
    ["Workflow", names === undefined ? "shared with the others" : <code>{[names].flat().join(", ")}</code>],
  ],
  breaker: (rule) => [
    [
      "Breaker",
      rule === undefined
        ? "none: it is paused by hand alone"
        : `pauses it when ${many(rule.failures, "call")} or more of ${duration(rule.seconds * 1_000)} have all failed; ${tries(rule.probeSeconds)}`,
    ],
  ],
  drainPerSecond: (perSecond = DEFAULT_DRAIN_PER_SECOND) => [
    ["Once resumed", `${count(perSecond)} a second of what was held`],
  ],
  // They are in words above, or in a panel of their own.
  health: () => [],
  limits: () => [],
  order: () => [],
  cooldown: () => [],
};

/** The settings that a kind has beside those of all kinds and the format. */
type OwnSetting<D> = Exclude<keyof D, keyof DestinationOf<"hub"> | "format">;

/** The kinds that have settings of their own. */
type KindWithSettings = { [K in Kind]: OwnSetting<DestinationOf<K>> extends never ? never : K }[Kind];

/** How each of these settings is shown. */
type Words<D> = { readonly [S in keyof D]-?: (value: D[S]) => readonly Fact[] };

/** How each setting of a kind's own is shown. */
const OWN_WORDS: { readonly [K in KindWithSettings]: Words<Pick<DestinationOf<K>, OwnSetting<DestinationOf<K>>>> } = {
  worker: { batch: (batch) => [["Calls", batch ? "handleBatch, many dispatches at once" : "handle"]] },
  webhook: {
    url: (url) => [["Host", URL.parse(url)?.host ?? "not a URL"]],
    secrets: (names) => [["Signed with", names.join(", ")]],
    headers: (headers) => (Object.keys(headers).length === 0 ? [] : [["Headers", Object.keys(headers).join(", ")]]),
    allowHosts: () => [],
  },
  r2: { prefix: (prefix) => [["Keys begin with", prefix === "" ? "nothing" : <code>{prefix}</code>]] },
};

const RoutesTo = ({ name, config }: { name: string; config: RouteConfig }) => {
  const routes = config.routes
    .map((route, index) => ({ route, called: route.name ?? `routes[${index}]` }))
    .filter(({ route }) => route.destination === name);
  if (routes.length === 0) return <p class="dim">No route leads to it.</p>;
  return (
    <ul class="routes" id="its-routes">
      {routes.slice(0, MAX_ROUTES_TOLD).map(({ route, called }) => (
        <li>
          from <a href={routePath(called)}>{called}</a>
          {route.enabled ? undefined : <span class="tag">switched off</span>}
          {settingsOf(route).map((text) => (
            <span class="tag">{text}</span>
          ))}
        </li>
      ))}
      {routes.length > MAX_ROUTES_TOLD ? (
        <li>
          <a href={`/routes?q=${encodeURIComponent(name)}`}>and {count(routes.length - MAX_ROUTES_TOLD)} more</a>
        </li>
      ) : undefined}
    </ul>
  );
};
