import type { RouteConfig } from "../../../../schema/config/routes.ts";
import type { RouteHealth } from "../../../../schema/contract/operator.ts";
import { Field } from "../../components/Fields.tsx";
import { Empty, Facts, Panel } from "../../components/Panels.tsx";
import { count, delayWords, many } from "../../format/amounts.ts";
import { destinationPath, routePath } from "../../format/paths.ts";
import { duration } from "../../format/time.ts";
import { searchQuery } from "../../forms/filters.ts";
import { Condition, failedPath, HealthLine, type NamedRoute, settingsOf } from "./RouteFacts.tsx";

/** The routes of a page: a configuration may have 10,000. */
const MAX_SHOWN = 100;

interface ConfigurationProps {
  config: RouteConfig;
  /** The health of the routes, as far as it could be read. */
  health: readonly RouteHealth[];
  /** A part of a route's name or destination. */
  q: string;
  /** The number of the page of routes, from 1. */
  page: number;
}

/** The configuration as deployed. Its routes can be searched by name, and are shown page by page. */
export const Configuration = ({ config, health, q, page }: ConfigurationProps) => {
  const named = config.routes.map((route, index) => ({ route, name: route.name ?? `routes[${index}]` }));
  const wanted = q.toLowerCase();
  const found = named.filter(({ route, name }) => `${name} ${route.destination}`.toLowerCase().includes(wanted));
  const pages = Math.max(1, Math.ceil(found.length / MAX_SHOWN));
  const shown = Math.min(page, pages);
  const first = (shown - 1) * MAX_SHOWN;
  return (
    <Panel title={`As deployed: ${many(config.routes.length, "route")}`} id="configuration">
      <Facts
        facts={[
          ["Retries", count(config.defaultMaxRetries)],
          ["Retry delay", delayWords(config.defaultRetryDelay)],
          ["Timeout", `${config.defaultTimeoutSeconds} s`],
          ["Lost after", duration(config.lostAfterSeconds * 1_000)],
          ["Retention", config.retention === undefined ? "for ever" : <Retention config={config} />],
        ]}
      />
      {named.length > 10 ? (
        <form class="filters" action="/routes">
          <Field name="q" label="Name or destination contains" value={q} />
          <button type="submit" class="button">
            Find
          </button>
        </form>
      ) : undefined}
      {found.length === 0 ? (
        <Empty title={named.length === 0 ? "There are no routes" : "No route has that in its name"}>
          <p>
            Every event that is emitted is kept; without a route it goes nowhere. A route names a condition and where
            to:
          </p>
          <pre tabindex={0}>
            {
              '{ "name": "paid orders", "condition": { "path": "$.kind", "exact": "order.paid" }, "destination": "BILLING" }'
            }
          </pre>
        </Empty>
      ) : (
        <ul class="routes">
          {found.slice(first, first + MAX_SHOWN).map(({ route, name }) => (
            <RouteItem
              route={route}
              name={name}
              health={health.find((one) => one.route === name && one.destination === route.destination)}
              open={found.length === 1}
            />
          ))}
        </ul>
      )}
      {health.length === 0 ? undefined : (
        <p class="dim">
          How each did is of the last 24 hours: success, how many ended, and the time from due to result.
        </p>
      )}
      {pages === 1 ? undefined : <RoutePager q={q} page={shown} pages={pages} first={first + 1} of={found.length} />}
    </Panel>
  );
};

interface RoutePagerProps {
  q: string;
  page: number;
  pages: number;
  /** The number of the first route shown, and the total. */
  first: number;
  of: number;
}

const RoutePager = ({ q, page, pages, first, of }: RoutePagerProps) => {
  const path = (to: number) =>
    `/routes?${new URLSearchParams({ ...(q === "" ? {} : { q }), page: String(to) })}#configuration`;
  return (
    <nav class="pager" aria-label="Pages of the routes">
      {page === 1 ? undefined : (
        <a class="button" rel="prev" href={path(page - 1)}>
          ← Before
        </a>
      )}
      <span class="dim num">
        {count(first)} to {count(Math.min(of, first + MAX_SHOWN - 1))} of {count(of)}
      </span>
      {page === pages ? undefined : (
        <a class="button" rel="next" href={path(page + 1)}>
          After →
        </a>
      )}
    </nav>
  );
};

interface RouteItemProps extends NamedRoute {
  health: RouteHealth | undefined;
  open: boolean;
}

const RouteItem = ({ route, name, health, open }: RouteItemProps) => {
  const { condition, destination, enabled } = route;
  return (
    <li>
      <details class="fold" {...(open ? { open: true } : {})}>
        <summary>
          <b>{name}</b> <span class="dim">to</span> {destination}
          {enabled ? undefined : <span class="tag">switched off</span>}
          {settingsOf(route).map((text) => (
            <span class="tag">{text}</span>
          ))}
          {condition === undefined ? <span class="tag">every event</span> : undefined}
          {health === undefined ? undefined : (
            <span class="route-health dim">
              <HealthLine health={health} />
            </span>
          )}
        </summary>
        <p>
          <a href={routePath(name)}>Charts and how it does</a> ·{" "}
          <a href={`/dispatches${searchQuery({ route: name })}`}>Its dispatches</a> ·{" "}
          <a href={failedPath(name)}>failed in the last 24 hours</a> ·{" "}
          <a href={destinationPath(destination)}>its destination</a>
        </p>
        <Condition route={route} />
      </details>
    </li>
  );
};

const Retention = ({ config }: { config: RouteConfig }) => (
  <>
    {retentionOf(config)} (<a href="/retention">what goes when</a>)
  </>
);

function retentionOf({ retention }: RouteConfig): string {
  const { payloadDays, rowDays } = retention ?? {};
  const parts = [
    payloadDays === undefined ? undefined : `payloads ${many(payloadDays, "day")}`,
    rowDays === undefined ? undefined : `rows ${many(rowDays, "day")}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ") || "for ever";
}
