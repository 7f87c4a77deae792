import { Layout } from "../../components/Layout.tsx";
import { Heading, Panel } from "../../components/Panels.tsx";
import type { ConsoleApp } from "../../env.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { DeferredPanel } from "../overview/DeferredPanel.tsx";
import { FaultList } from "./FaultList.tsx";
import { RunTable } from "./RunTable.tsx";

/** The overview's part of this page: the faults of the deployment, or that there are none. */
export const DeploymentPart = () => (
  <DeferredPanel
    id="deployment-part"
    from="/deployment"
    part="deployment"
    everySeconds={REFRESH_SECONDS.deploymentPart}
    text="The deployment"
  />
);

/** `/deployment`: the faults of the hub's deployment, and when hub and executor last ran. */
export function addDeployment(app: ConsoleApp): void {
  app.get("/deployment", async (c) => {
    const now = new Date();
    const { delivers, faults, runs } = await c.var.operator.deployment();
    return c.html(
      <Layout c={c} title="Deployment" section="overview" live={REFRESH_SECONDS.deployment}>
        <Heading title="Deployment" />
        <div id="deployment">
          {faults.length === 0 ? (
            <p class="dim">
              Nothing is wrong with the <a href="/deployment">deployment</a>, as far as the database can tell.
            </p>
          ) : (
            <Panel
              title={delivers ? "The deployment needs attention" : "This deployment of the hub cannot deliver"}
              id="deployment-faults"
              aside={<a href="/deployment">Runs and versions</a>}
            >
              <FaultList faults={faults} now={now} />
            </Panel>
          )}
        </div>
        <Panel title="Runs" id="deployment-runs">
          <RunTable c={c} runs={runs} now={now} />
        </Panel>
      </Layout>,
    );
  });
}
