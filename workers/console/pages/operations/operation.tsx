import type { Operation } from "../../../../schema/contract/operations.ts";
import type { DispatchSummary } from "../../../../schema/contract/operator.ts";
import { expectedText, operationState } from "../../../../schema/text/outcome-text.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { Status } from "../../components/Status.tsx";
import { Moment, Time } from "../../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { count, dispatches as dispatchesText } from "../../format/amounts.ts";
import { actionWords, affectedWords, argumentsOf, madeBy } from "../../format/operation-text.ts";
import { PAGE_ROWS } from "../../format/page-rows.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { duration } from "../../format/time.ts";
import { formOf } from "../../forms/posted-form.ts";
import { OutcomePanel } from "./OutcomePanel.tsx";
import { CancelMade, StopForm } from "./StopForm.tsx";

/** How long an operation may be missing after its form was sent, in milliseconds: the hub tries for 25 s (DATABASE_BUDGET_MS) to store it. */
const STARTING_MS = 30_000;

/** `/operations/:id`: the progress of an operation, the outcome of its dispatches, and a button to stop it. */
export function addOperation(app: ConsoleApp): void {
  app.get("/operations/:id", async (c) => {
    const id = c.req.param("id");
    const operation = await attempt(c.var.operator.getOperation(id));
    const sent = c.req.query("sent");
    if (operation.error?.code === "not_found" && sent !== undefined) return missingOperationPage(c, id, Number(sent));
    if (operation.error) throw new Error(`[${operation.error.code}] ${operation.error.message}`);
    return operationPage(c, operation.value);
  });

  app.post("/operations/:id/stop", async (c) => {
    const id = c.req.param("id");
    const operationId = (await formOf(c)).get("operationId");
    const stopped = await attempt(c.var.operator.stopOperation(id, operationId === "" ? {} : { operationId }));
    if (stopped.error === undefined) return c.redirect(`/operations/${id}?done=stopped`, 303);
    const operation = await attempt(c.var.operator.getOperation(id));
    if (operation.error) throw new Error(`[${stopped.error.code}] ${stopped.error.message}`);
    return operationPage(c, operation.value, stopped.error);
  });
}

async function operationPage(c: ConsoleContext, operation: Operation, error?: CallError) {
  const made = madeBy(operation);
  const newest =
    made === undefined
      ? undefined
      : await attempt(c.var.operator.listDispatches({ operationId: operation.id }, { limit: PAGE_ROWS.beside }));
  const dispatches = newest?.value?.items ?? [];
  return c.html(
    <OperationPage c={c} operation={operation} dispatches={dispatches} made={made} error={error} />,
    error?.status ?? 200,
  );
}

interface OperationPageProps {
  c: ConsoleContext;
  operation: Operation;
  /** The newest dispatches that it made. */
  dispatches: readonly DispatchSummary[];
  /** The URL of the list of all of them. */
  made: string | undefined;
  error: CallError | undefined;
}

/** If an operation made more dispatches than this, counting them takes long, so its page is refreshed more slowly. */
const MANY = 10_000;

/** After how many seconds the page of an operation is refreshed. */
function secondsOf({ running, waits, large }: { running: boolean; waits: boolean; large: boolean }): number {
  if (!running && !waits) return REFRESH_SECONDS.endedOperation;
  if (large) return REFRESH_SECONDS.largeOperation;
  return running ? REFRESH_SECONDS.runningOperation : REFRESH_SECONDS.waitingOperation;
}

const OperationPage = ({ c, operation, dispatches, made, error }: OperationPageProps) => {
  const now = new Date();
  const { outcome, stoppedBy, affected } = operation;
  const running = operation.state === "running";
  const waits = outcome !== null && outcome.ongoing + outcome.held > 0;
  const live = secondsOf({ running, waits, large: affected > MANY });
  const end = operation.finishedAt ?? now;
  const { word, tone } = operationState(operation);
  return (
    <Layout c={c} title={actionWords(operation)} section="operations" live={live}>
      <Heading
        eyebrow={
          <>
            Operation by {operation.actor}, <Time at={operation.createdAt} now={now} />
          </>
        }
        title={
          <>
            {actionWords(operation)} <Status name={tone} text={word} />
          </>
        }
      >
        {running ? <StopForm operation={operation} /> : <CancelMade operation={operation} />}
        {made === undefined ? undefined : (
          <a class="button primary" href={made}>
            List its dispatches
          </a>
        )}
      </Heading>
      {error === undefined ? undefined : <ErrorBox error={error} />}
      <Progress operation={operation} />
      {outcome === null ? undefined : <OutcomePanel operation={operation} outcome={outcome} />}
      {dispatches.length === 0 ? undefined : (
        <Panel title={affected > PAGE_ROWS.beside ? `The newest ${PAGE_ROWS.beside}` : "What became of them"} id="made">
          <DispatchTable dispatches={dispatches} now={now} caption="Its newest dispatches" />
        </Panel>
      )}
      <Panel title="Details" id="details">
        <Facts
          facts={[
            ["Operation", <Id id={operation.id} full />],
            ["By", operation.actor],
            ["Begun", <Moment at={operation.createdAt} now={now} />],
            ...(stoppedBy === null
              ? []
              : ([
                  ["Stopped by", stoppedBy],
                  ["Stopped", <Moment at={end} now={now} />],
                ] as const)),
            [running ? "At work for" : "Took", duration(end.getTime() - operation.createdAt.getTime())],
            ["Looked at", count(operation.examined)],
            ...argumentsOf(operation).map(
              ({ name, text, at }) => [name, at === undefined ? text : <Moment at={at} now={now} />] as const,
            ),
          ]}
        />
      </Panel>
      {running ? (
        <p class="dim">
          The hub continues it even if you close this page: what one call does not finish, the next one does.
        </p>
      ) : stoppedBy !== null && waits ? (
        <p class="dim">
          It makes no more dispatches. Those that it has made are still delivered, unless you cancel them.
        </p>
      ) : undefined}
    </Layout>
  );
};

/** For example `500 dispatches made so far of more than 13,000`. */
const Progress = ({ operation }: { operation: Operation }) => {
  const { affected, expected, state } = operation;
  const text = `${dispatchesText(affected)} ${affectedWords(operation)}`;
  const all = expected === null || state === "finished" ? "" : ` of ${expectedText(expected)}`;
  return (
    <p class="big num">
      {state === "running" && expected !== null && expected.dispatches > 0 ? (
        <progress
          max={expected.dispatches}
          value={Math.min(affected, expected.dispatches)}
          aria-label="How far it is"
        />
      ) : undefined}{" "}
      {text}
      {state === "running" ? " so far" : ""}
      {all}
    </p>
  );
};

/** The page of an operation that does not exist: its form has just been sent, or it failed to start. */
function missingOperationPage(c: ConsoleContext, id: string, sent: number) {
  const starting = Math.abs(Date.now() - sent) < STARTING_MS;
  return c.html(
    <Layout
      c={c}
      title={starting ? "Starting" : "Not started"}
      section="operations"
      live={starting ? REFRESH_SECONDS.startingOperation : undefined}
    >
      <Heading title={starting ? "Starting …" : "Not started"} />
      {starting ? (
        <p>
          The hub writes down operation <code>{id}</code>. This page refreshes by itself.
        </p>
      ) : (
        <p>
          The hub has no operation <code>{id}</code>: it was refused, or its database did not answer, and nothing was
          done. Go back and send the form again; sending it twice does it only once.{" "}
          <a href="/operations">See the other operations</a>.
        </p>
      )}
    </Layout>,
    // A waiting page also gets this with 200, because htmx drops answers with 4xx.
    starting || c.req.header("HX-Request") !== undefined ? 200 : 404,
  );
}
