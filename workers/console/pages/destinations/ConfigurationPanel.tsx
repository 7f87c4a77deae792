import type { Child } from "hono/jsx";
import type { Destination } from "../../../../schema/config/destinations/index.ts";
import type { RouteConfig } from "../../../../schema/config/routes.ts";
import type { DestinationState } from "../../../../schema/contract/operator.ts";
import { DEFAULT_DRAIN_PER_SECOND, DEFAULT_GROUP_SIZE } from "../../../../schema/vocabulary/defaults.ts";
import { DESTINATION_STATES, type HealthRules } from "../../../../schema/vocabulary/destination-states.ts";
import { WorkflowLink } from "../../components/DashboardLinks.tsx";
import { Facts, Panel } from "../../components/Panels.tsx";
import type { ConsoleContext } from "../../env.ts";
import { routePath } from "../../format/paths.ts";
import { count, many } from "../../format/text.ts";
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
function factsOf(declared: Destination): (readonly [string, Child])[] {
  const { groupSize, workflow, breaker, drainPerSecond = DEFAULT_DRAIN_PER_SECOND } = declared;
  return [
    ...ofKind(declared),
    [
      "A Workflow instance",
      groupSize === 1 ? "each dispatch has one" : `shared by up to ${count(groupSize)} dispatches`,
    ],
    ["Workflow", workflow === undefined ? "shared with the others" : <code>{[workflow].flat().join(", ")}</code>],
    [
      "Breaker",
      breaker === undefined
        ? "none: it is paused by hand alone"
        : `pauses it when ${many(breaker.failures, "call")} or more of ${duration(breaker.seconds * 1_000)} have all failed; ${tries(breaker.probeSeconds)}`,
    ],
    ["Once resumed", `${count(drainPerSecond)} a second of what was held`],
  ];
}

/** The rules for the states of its health, in words. */
const judgedBy = (rules: HealthRules) =>
  `failing if ${DESTINATION_STATES.failing.means(rules)}; degraded if ${DESTINATION_STATES.degraded.means(rules)}; idle if ${DESTINATION_STATES.idle.means(rules)}`;

const tries = (seconds: number) =>
  seconds === 0 ? "tries one at each look" : `tries one every ${duration(seconds * 1_000)}`;

/** The words for formats other than the payload alone. */
const FORMATS = { cloudevents: "CloudEvents", context: "payload and context" };

function ofKind(declared: Destination): (readonly [string, Child])[] {
  const format = "format" in declared ? declared.format : undefined;
  const as = format === undefined ? [] : [["Gets", FORMATS[format]] as const];
  switch (declared.kind) {
    case "worker":
      return [...as, ["Calls", declared.batch ? "handleBatch, many dispatches at once" : "handle"]];
    case "webhook":
      return [
        ...as,
        ["Host", URL.parse(declared.url)?.host ?? "not a URL"],
        ["Signed with", declared.secrets.join(", ")],
        ...(Object.keys(declared.headers).length === 0
          ? []
          : [["Headers", Object.keys(declared.headers).join(", ")] as const]),
      ];
    case "r2":
      return [...as, ["Keys begin with", declared.prefix === "" ? "nothing" : <code>{declared.prefix}</code>]];
    default:
      return as;
  }
}

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
