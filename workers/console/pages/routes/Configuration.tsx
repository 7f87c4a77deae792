import type { Route, RouteConfig } from "../../../../schema/config/routes.ts";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { Field } from "../../components/Fields.tsx";
import { Json } from "../../components/Json.tsx";
import { Empty, Facts, Panel } from "../../components/Panels.tsx";
import { count, delayWords, many, oneLine } from "../../format/text.ts";
import { duration } from "../../format/time.ts";

/** Routes shown at once: a configuration may have 10,000. */
const MAX_SHOWN = 100;

/** The configuration as it is deployed, its routes found by name. */
export const Configuration = ({ config, q }: { config: RouteConfig; q: string }) => {
  const named = config.routes.map((route, index) => ({ route, name: route.name ?? `routes[${index}]` }));
  const wanted = q.toLowerCase();
  const found = named.filter(({ route, name }) => `${name} ${route.destination}`.toLowerCase().includes(wanted));
  return (
    <Panel title={`As deployed: ${many(config.routes.length, "route")}`} id="configuration">
      <Facts
        facts={[
          ["Retries", count(config.defaultMaxRetries)],
          ["Retry delay", delayWords(config.defaultRetryDelay)],
          ["Timeout", `${config.defaultTimeoutSeconds} s`],
          ["Lost after", duration(config.lostAfterSeconds * 1_000)],
          ["Retention", config.retention === undefined ? "for ever" : retentionOf(config)],
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
          <p>Every event that is emitted is kept; without a route it goes nowhere.</p>
        </Empty>
      ) : (
        <ul class="routes">
          {found.slice(0, MAX_SHOWN).map(({ route, name }) => (
            <RouteItem route={route} name={name} open={found.length === 1} />
          ))}
        </ul>
      )}
      {found.length > MAX_SHOWN ? (
        <p class="dim">
          The first {MAX_SHOWN} of {count(found.length)}.
        </p>
      ) : undefined}
    </Panel>
  );
};

const RouteItem = ({ route, name, open }: { route: Route; name: string; open: boolean }) => {
  const { condition, destination, enabled, name: _, ...settings } = route;
  const own = [
    settings.delaySeconds === undefined ? undefined : `after ${duration(settings.delaySeconds * 1_000)}`,
    settings.maxRetries === undefined ? undefined : many(settings.maxRetries, "retry", "retries"),
    settings.retryDelay === undefined ? undefined : delayWords(settings.retryDelay),
    settings.timeoutSeconds === undefined ? undefined : `${settings.timeoutSeconds} s a call`,
    settings.transform === undefined ? undefined : `transform ${oneLine(settings.transform, 120)}`,
  ].filter((text) => text !== undefined);
  return (
    <li>
      <details class="fold" {...(open ? { open: true } : {})}>
        <summary>
          <b>{name}</b> <span class="dim">to</span> {destination}
          {enabled ? undefined : <span class="tag">switched off</span>}
          {own.map((text) => (
            <span class="tag">{text}</span>
          ))}
          {condition === undefined ? <span class="tag">every event</span> : undefined}
        </summary>
        {condition === undefined ? (
          <p class="dim">It has no condition: every event goes there.</p>
        ) : (
          <Json value={condition as unknown as JsonValue} raw="/routes" />
        )}
      </details>
    </li>
  );
};

function retentionOf({ retention }: RouteConfig): string {
  const { payloadDays, rowDays } = retention ?? {};
  const parts = [
    payloadDays === undefined ? undefined : `payloads ${many(payloadDays, "day")}`,
    rowDays === undefined ? undefined : `rows ${many(rowDays, "day")}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ") || "for ever";
}
