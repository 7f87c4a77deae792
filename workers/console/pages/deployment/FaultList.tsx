import type { DeploymentFault } from "../../../../schema/contract/deployment.ts";
import { toldFault } from "../../../../schema/text/told-fault.ts";
import { AlertRow } from "../../components/AlertRow.tsx";
import { SinceAtLeast } from "../../components/Time.tsx";

/** A text in which backquotes enclose what must be typed. */
const Coded = ({ text }: { text: string }) => (
  <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
);

/** The faults of the deployment in plain words, with advice. */
export const FaultList = ({ faults, now }: { faults: readonly DeploymentFault[]; now: Date }) => (
  <ul class="alerts">
    {faults.map(toldFault).map(({ check, stops, what, detail, since, todo }) => (
      <AlertRow
        id={`c-check-${check}`}
        tone={stops ? "bad" : "warn"}
        mark={stops ? "failed" : "degraded"}
        status={stops ? "cannot deliver" : "look after"}
        title={<b>{what}</b>}
        when={since === null ? undefined : <SinceAtLeast at={since} now={now} />}
        text={<Coded text={detail === null ? todo : `${detail}: ${todo}`} />}
      />
    ))}
  </ul>
);
