import type { FailedComparator, RouteExplanation } from "../../../hub/routing/index.ts";
import { Status } from "../../components/Status.tsx";
import { many } from "../../format/amounts.ts";
import { routePath } from "../../format/paths.ts";

/** The most routes shown that did not match. */
const MAX_SHOWN = 200;

/** The explanation of every route for a payload: first those that match, then the others with the reasons. */
export const Explanation = ({ routes }: { routes: readonly RouteExplanation[] }) => {
  const matched = routes.filter((route) => route.matched && route.enabled);
  const others = routes.filter((route) => !(route.matched && route.enabled));
  return (
    <div id="explanation">
      <p class="strong" role="status">
        {matched.length === 0
          ? "No route matches: it would go nowhere."
          : `${matched.length} of ${many(routes.length, "route")} ${matched.length === 1 ? "matches" : "match"}.`}
      </p>
      <ul class="explained">
        {[...matched, ...others.slice(0, MAX_SHOWN)].map((route) => (
          <RouteResult route={route} />
        ))}
      </ul>
      {others.length > MAX_SHOWN ? (
        <p class="dim">And {many(others.length - MAX_SHOWN, "more route")} that do not match.</p>
      ) : undefined}
    </div>
  );
};

const RouteResult = ({ route }: { route: RouteExplanation }) => {
  const matches = route.matched && route.enabled;
  return (
    <li class={matches ? "yes" : "no"}>
      <p>
        <Status
          name={matches ? "complete" : "ignored"}
          text={matches ? "matches" : route.enabled ? "does not match" : "is switched off"}
        />{" "}
        <a href={routePath(route.name)}>
          <b>{route.name}</b>
        </a>{" "}
        <span class="dim">to</span> {route.destination}
      </p>
      {route.from === undefined ? undefined : (
        <p class="dim">It takes only {route.from === "hub" ? "the hub's own events" : "what producers emit"}.</p>
      )}
      {route.failed.length === 0 ? undefined : (
        <ul>
          {route.failed.map((failed) => (
            <li>
              <FailedCondition failed={failed} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
};

const FailedCondition = ({ failed }: { failed: FailedComparator }) => {
  const operand = JSON.stringify(failed.operand) ?? "";
  const more = failed.foundCount - failed.found.length;
  return (
    <>
      <code>{failed.path}</code> must {failed.negated ? "not " : ""}
      {failed.quantifier === "any" ? "" : `${failed.quantifier} `}
      <code>
        {failed.operator} {operand.slice(0, 300)}
      </code>
      {failed.ignoreCase ? " (whatever the case)" : ""}, found{" "}
      {failed.found.length === 0 ? <b>nothing there</b> : <code>{failed.found.join(", ")}</code>}
      {more > 0 ? ` and ${many(more, "more value")}` : ""} <span class="dim place">{failed.at}</span>
    </>
  );
};
